"""Machines, drawn with what lies over them, and events, spelled out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.diagrams.page.content import content
from asltool.history.events import events
from asltool.service.service import Service
from asltool.syntax.build import build
from asltool.syntax.model import StateMachine
from asltool.syntax.reader import read

__all__ = ["Definition", "drawn", "drawn_machine", "read_definition", "some_events"]


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


def some_events(service: Service, arn: str, begin: int, end: int) -> list[dict[str, Any]]:
    """Return the events from one place to before another, spelled out."""
    return events(service.conductor.records(arn).part(begin, end))
