"""Coverage laid over the machine's drawing: covered, partly covered, or not covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from asltool.diagrams.captions import times
from asltool.diagrams.highlight import DrawnStatus, Highlight, NamedTransition, Summary
from asltool.history.targets import Target, targets_of
from asltool.syntax.model import State, StateMachine

if TYPE_CHECKING:
    from asltool.testing.coverage import MachineCoverage

__all__ = ["overlay"]


def overlay(machine: StateMachine, coverage: MachineCoverage) -> Highlight:
    """Return the overlay that shows coverage on a machine's drawing.

    A state is covered if all its targets are, and partly covered if it was entered. A transition that several
    rules or Catchers share is covered if each of them is.
    """
    statuses: dict[str, DrawnStatus] = {}
    edges: dict[NamedTransition, DrawnStatus] = {}
    counts: dict[NamedTransition, int] = {}
    notes: dict[str | NamedTransition, Sequence[str]] = {}
    for inner in machine.walk():
        for state in inner.states.values():
            own = list(targets_of(state))
            entered = coverage.counts[own[0]]
            statuses[state.name] = _status(coverage, own) if entered else "uncovered"
            notes[state.name] = [_entered(entered), *_told(coverage, own, "Retry")]
            edges[NamedTransition(state.name, None)] = "covered" if entered else "uncovered"
            for transition, shared in _shared_targets(state).items():
                edges[transition] = _status(coverage, shared)
                counts[transition] = sum(coverage.counts[target] for target in shared)
                notes[transition] = [*_told(coverage, shared, "Choice", "Default", "Catch")]
        edges[NamedTransition(None, inner.start_at)] = (
            "covered" if coverage.counts[_start(inner)] else "uncovered"
        )
    rows = [(coverage.targets[target], target.state) for target in coverage.missing]
    summary = Summary(coverage.line, f"Not covered ({len(rows)})", rows)
    return Highlight(statuses, counts, {}, edges=edges, notes=notes, summary=summary)


def _start(machine: StateMachine) -> Target:
    return Target(machine.start_at, "state")


def _shared_targets(state: State) -> Mapping[NamedTransition, list[Target]]:
    """Return a state's transitions, as drawn, with the targets that share each."""
    found: dict[NamedTransition, list[Target]] = {}
    for each in state.transitions():
        transition = NamedTransition(state.name, each.target, each.kind == "Catch")
        found.setdefault(transition, []).append(Target(state.name, each.kind, each.index))
    return found


def _status(coverage: MachineCoverage, targets: Sequence[Target]) -> DrawnStatus:
    covered = [target for target in targets if coverage.counts[target]]
    if len(covered) == len(targets):
        return "covered"
    return "partial" if covered else "uncovered"


def _entered(count: int) -> str:
    return f"entered {times(count)}" if count else "never entered"


def _told(coverage: MachineCoverage, targets: Sequence[Target], *kinds: str) -> Iterator[str]:
    """Describe how often each target of these kinds was covered."""
    for target in targets:
        if target.kind in kinds:
            count = coverage.counts[target]
            yield f"{f'✓ {times(count)}' if count else '✕ not covered:'} {coverage.targets[target]}"
