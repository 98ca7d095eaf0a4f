"""Effects of a map run, and the answers to them; see `asltool.engine.map_execution`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.execution import Execution
from asltool.engine.map_io import ChildEnd, Chunk, ReadItems, WriteResults, WrittenPart
from asltool.engine.map_run import MapRun
from asltool.errors import EvaluationError, TaskFailed

__all__ = [
    "AbortChild",
    "AbortChildren",
    "Close",
    "Closed",
    "EndRun",
    "EndedRead",
    "ItemsRead",
    "MapAnswer",
    "MapEffect",
    "Open",
    "Opened",
    "ReadEnded",
    "ReadMore",
    "Refused",
    "StartChild",
    "StartChildren",
    "Write",
]


@dataclass(slots=True)
class Open:
    """Open the results, the items and the journal; answered by `Opened`.

    ``run`` counts the children; ``nested``: they are children of a child.
    """

    run: MapRun
    target: WriteResults
    reader: ReadItems | None
    keeps_inputs: bool
    nested: bool


@dataclass(slots=True)
class ReadEnded:
    """Read this many children from the journal; answered by `EndedRead`."""

    many: int


@dataclass(slots=True)
class ReadMore:
    """Read this many items; answered by `ItemsRead`."""

    many: int


@dataclass(slots=True)
class StartChild:
    """Run this execution, with this many items, and report its end with `MapExecution.child_ended`."""

    index: int
    items: int
    execution: Execution


@dataclass(slots=True)
class StartChildren:
    """Run these children in another process, and report with `MapExecution.chunk_ended`."""

    first: int
    chunk: Chunk


@dataclass(slots=True)
class AbortChild:
    """End this child, whose end need not be reported."""

    index: int


@dataclass(slots=True)
class AbortChildren:
    """End the children that were started together with this one in another process."""

    first: int


@dataclass(slots=True)
class Write:
    """Add to the journal, and to the results. Not answered, unless by `Refused`."""

    journal: list[ChildEnd | WrittenPart]
    results: list[ChildEnd | WrittenPart]


@dataclass(slots=True)
class Close:
    """Finish the results; answered by `Closed`."""


@dataclass(slots=True)
class EndRun:
    """The map run has ended: close the journal."""


MapEffect = (
    Open
    | ReadEnded
    | ReadMore
    | StartChild
    | StartChildren
    | AbortChild
    | AbortChildren
    | Write
    | Close
    | EndRun
)


@dataclass(frozen=True, slots=True)
class Opened:
    """``journal``: whether there is one."""

    journal: bool


@dataclass(frozen=True, slots=True)
class EndedRead:
    """Children that had ended before; ``last``: there are no more."""

    children: list[ChildEnd | WrittenPart]
    last: bool


@dataclass(frozen=True, slots=True)
class ItemsRead:
    """``last``: there are no more."""

    items: list[Any]
    last: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """``output`` is the Map state's result."""

    output: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Reading or writing failed."""

    problem: TaskFailed | EvaluationError


MapAnswer = Opened | EndedRead | ItemsRead | Closed | Refused
