"""One execution, or one machine, as the page draws it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.diagrams.labels import visible
from asltool.diagrams.page.content import content
from asltool.errors import HistoryError
from asltool.history.events import events
from asltool.history.records import Records
from asltool.history.shape import details_of
from asltool.history.story import Story
from asltool.service.executions import described
from asltool.service.service import Service
from asltool.store.port import ExecutionRow
from asltool.syntax.build import build
from asltool.syntax.model import StateMachine
from asltool.syntax.reader import read

__all__ = ["Definition", "drawn", "drawn_machine", "drawn_run", "read_definition", "some_events"]


class Definition(NamedTuple):
    """A machine and the JSON that it was built from."""

    machine: StateMachine
    value: Any


@lru_cache(32)
def read_definition(text: str) -> Definition | None:
    """Return what a text defines; None if it has no states."""
    document = read(text, "definition")
    machine = build(document)
    return None if machine is None else Definition(machine, document.value)


def drawn_machine(text: str, title: str) -> dict[str, Any] | None:
    """Return the page's data of a definition; None if nothing can be drawn."""
    found = read_definition(text)
    return None if found is None else drawn(found, None, title)


def drawn(found: Definition, highlight: Highlight | None, title: str) -> dict[str, Any]:
    """Return the page's data of a definition, with what lies over it."""
    run = highlight is not None and highlight.story is not None
    graph = build_graph(found.machine, None if run else highlight)
    return {"title": title, **content(graph, found.machine, highlight, found.value)}


async def drawn_run(service: Service, row: ExecutionRow) -> dict[str, Any]:
    """Return an execution: ``execution`` as DescribeExecution shows it, and ``page``, the data of its page.

    ``waits`` has the states that wait or are to be retried, and in how many seconds; ``links`` the ARNs of
    executions and map runs that visits have begun.
    """
    conductor, now = service.conductor, service.clock()
    shown = {**described(row, now, data=False), "blocked": row.blocked, "number": row.number}
    records = conductor.records(row.arn)
    records = records.part(records.before, len(records))
    waits = [
        [visible(sleep.state), sleep.reason, left, sleep.until] for sleep, left in conductor.sleeps(row.arn)
    ]
    text = service.store.definition(row.definition) or ""
    page, links = await asyncio.to_thread(_drawn_run, text, shown["name"], records)
    return {"execution": shown, "page": page, "waits": waits, "links": links, "now": now}


def _drawn_run(text: str, title: str, records: Records) -> tuple[dict[str, Any] | None, list[list[Any]]]:
    found = read_definition(text)
    if found is None:
        return None, []
    try:
        highlight = Highlight.from_history(found.machine, events(records))
    except HistoryError:
        return drawn_machine(text, title), []
    assert highlight.story is not None
    return drawn(found, highlight, title), list(_links(highlight.story))


def _links(story: Story) -> Iterator[list[Any]]:
    """Yield the number of a visit, what it has begun, and the ARN of that."""
    numbers = {id(visit): number for number, visit in enumerate(story.visits)}
    seen = set()
    for event, owner in zip(story.events, story.owners, strict=True):
        details = details_of(event)
        kind, arn = "map run", details.get("mapRunArn")
        if arn is None and details.get("resourceType") == "states" and "output" in details:
            kind, arn = "execution", _started(details["output"])
        if owner is not None and arn is not None and (id(owner), arn) not in seen:
            seen.add((id(owner), arn))
            yield [numbers[id(owner)], kind, arn]


def _started(output: str) -> Any:
    """Return the ARN of the execution that an output tells of, or None."""
    try:
        value = json.loads(output)
    except (ValueError, RecursionError):
        return None
    return value.get("ExecutionArn") if isinstance(value, dict) else None


def some_events(service: Service, arn: str, begin: int, end: int) -> list[dict[str, Any]]:
    """Return the events from one place to before another, spelled out."""
    return events(service.conductor.records(arn).part(begin, end))
