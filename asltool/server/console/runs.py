"""The diagrams of machines with their overlays, and the events of executions."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from asltool.diagrams.faults import findings
from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.diagrams.page.content import content
from asltool.history.events import events
from asltool.rules import validate
from asltool.rules.aws.document import request_document
from asltool.service.service import Service
from asltool.syntax.build import build
from asltool.syntax.document import MachineType
from asltool.syntax.model import StateMachine
from asltool.syntax.reader import read

__all__ = [
    "Definition",
    "drawn",
    "drawn_machine",
    "listed_findings",
    "read_definition",
    "some_events",
]


class Definition(NamedTuple):
    """A machine and the JSON that it was built from."""

    machine: StateMachine
    value: Any


@lru_cache(32)
def read_definition(text: str) -> Definition | None:
    """Return the machine that a text defines; None if it has no states."""
    document = read(text, "definition")
    machine = build(document)
    return None if machine is None else Definition(machine, document.value)


def drawn_machine(text: str, title: str, machine_type: MachineType = "STANDARD") -> dict[str, Any] | None:
    """Return the page's data of a definition with its findings; None if it cannot be drawn."""
    found = read_definition(text)
    if found is None:
        return None
    return drawn(found, _findings(text, machine_type), title)


@lru_cache(32)
def _findings(text: str, machine_type: MachineType) -> Highlight | None:
    document = replace(read(text, "definition"), machine_type=machine_type)
    machine = build(document)
    return None if machine is None else findings(machine, validate(document))


def listed_findings(text: str, machine_type: MachineType) -> list[dict[str, Any]]:
    """Return the findings in a definition that is being edited, with their positions in the text."""
    return [
        {"severity": each.severity, "code": each.code, "message": each.message, **each.span._asdict()}
        for each in validate(request_document(text, machine_type))
    ]


def drawn(found: Definition, highlight: Highlight | None, title: str) -> dict[str, Any]:
    """Return the page's data of a definition with its overlay."""
    run = highlight is not None and highlight.story is not None
    graph = build_graph(found.machine, None if run else highlight)
    return {"title": title, **content(graph, found.machine, highlight, found.value)}


def some_events(service: Service, arn: str, begin: int, end: int) -> list[dict[str, Any]]:
    """Return the events from one position to before another."""
    return events(service.conductor.records(arn).part(begin, end))
