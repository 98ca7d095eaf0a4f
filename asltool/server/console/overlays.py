"""Overlays on the diagram of a machine: coverage by executions, and differences from a version."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from asltool.diagrams.compare import Version, compare
from asltool.diagrams.highlight import DrawnStatus, Highlight, NamedTransition, Summary
from asltool.errors import HistoryError
from asltool.history.events import events
from asltool.history.records import Records
from asltool.history.story import Story
from asltool.server.console.runs import Definition, drawn, read_definition
from asltool.service.service import Service
from asltool.syntax.model import State, StateMachine

__all__ = ["drawn_coverage", "drawn_difference"]

_EXECUTIONS = 100
_EVENTS = 50_000
"""How many executions coverage is read from, the newest first, and after how many events it stops."""


def drawn_difference(old: str, new: str, title: str) -> dict[str, Any] | None:
    """Return the page's data of a definition, compared with an older one."""
    before, after = read_definition(old), read_definition(new)
    if before is None or after is None:
        return None
    found = compare(Version(*before), Version(*after))
    return drawn(after, found.highlight, title)


async def drawn_coverage(service: Service, arn: str, digest: str, title: str) -> dict[str, Any] | None:
    """Return the page's data of a machine, with the coverage of its latest executions.

    Only executions of the definition with this hash count.
    """
    text = service.store.definition(digest) or ""
    histories = list(_histories(service, arn, digest))
    return await asyncio.to_thread(_covered, text, histories, title)


def _histories(service: Service, arn: str, digest: str) -> Iterator[Records]:
    seen = 0
    for row in service.store.executions(machine=arn, roots=True, limit=_EXECUTIONS):
        if row.definition == digest and seen < _EVENTS:
            records = service.conductor.records(row.arn)
            seen += len(records)
            yield records.part(records.before, len(records))


def _covered(text: str, histories: Sequence[Records], title: str) -> dict[str, Any] | None:
    found = read_definition(text)
    if found is None:
        return None
    taken: Counter[NamedTransition] = Counter()
    for records in histories:
        try:
            story = Story(found.machine, events(records))
        except HistoryError:
            continue
        taken.update(transition for _, transition in story.transitions)
    return drawn(found, _overlay(found, taken, len(histories)), title)


def _overlay(found: Definition, taken: Counter[NamedTransition], runs: int) -> Highlight:
    edges: dict[NamedTransition, DrawnStatus] = {}
    statuses: dict[str, DrawnStatus] = {}
    rows: list[tuple[str, str]] = []
    entered = {edge.target for edge in taken}
    for machine in found.machine.walk():
        for edge in _edges(machine):
            edges[edge] = "covered" if taken[edge] else "uncovered"
            if not taken[edge]:
                rows.append(
                    (f"{edge.source or 'Start'} → {edge.target or 'End'}", edge.source or edge.target or "")
                )
        for state in machine.states.values():
            covered: DrawnStatus = "covered" if all(taken[edge] for edge in _of(state)) else "partial"
            statuses[state.name] = covered if state.name in entered else "uncovered"
    done = sum(status == "covered" for status in edges.values())
    noun = "execution" if runs == 1 else f"{runs} executions"
    line = f"{done} of {len(edges)} transitions taken by the last {noun} of this definition"
    summary = Summary(line, f"Never taken ({len(rows)})", rows)
    return Highlight(statuses, taken, {}, edges=edges, summary=summary)


def _edges(machine: StateMachine) -> Iterator[NamedTransition]:
    yield NamedTransition(None, machine.start_at)
    for state in machine.states.values():
        yield from _of(state)
        if state.end or not any(True for _ in state.transitions()):
            yield NamedTransition(state.name, None)


def _of(state: State) -> list[NamedTransition]:
    """Return the transitions that lead from a state to others, each once."""
    edges = (NamedTransition(state.name, edge.target, edge.kind == "Catch") for edge in state.transitions())
    return [edge for edge in dict.fromkeys(edges) if edge.target is not None]
