"""A `Fleet`'s records of running executions and map runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asltool.driver.map_outside import Reach
from asltool.engine.effects import CallTask, Effect
from asltool.engine.execution import Execution
from asltool.engine.map_execution import MapExecution
from asltool.engine.map_io import Chunk
from asltool.engine.map_run import MapRun

__all__ = [
    "Asked",
    "Cancel",
    "DoTask",
    "LiveExecution",
    "LiveMapRun",
    "MapEnd",
    "MapReach",
    "MapShow",
    "Reaching",
    "RunChildren",
    "Watch",
]

Watch = Callable[[Execution, Sequence[Effect]], None]
"""Called after every step with the execution, whose records may have grown, and its effects."""


class LiveExecution:
    """A running execution: the tickets of its tasks, its map runs, and the ticket it was started for."""

    __slots__ = ("execution", "maps", "number", "on_end", "root", "tickets", "wake_at", "watch")

    def __init__(
        self,
        number: int,
        execution: Execution,
        root: LiveExecution | None,
        on_end: Callable[[Execution], None] | None,
        watch: Watch | None,
    ) -> None:
        self.number = number
        self.execution = execution
        self.root: LiveExecution = root or self
        self.on_end = on_end
        self.watch = watch
        self.tickets: dict[int, int] = {}
        self.maps: dict[int, LiveMapRun] = {}
        self.wake_at: float | None = None


class LiveMapRun:
    """A running map run: the execution that waits for it, its ticket, and its running children."""

    __slots__ = ("children", "chunks", "live", "run", "serving", "ticket")

    def __init__(self, live: LiveExecution, ticket: int, run: MapExecution) -> None:
        self.live = live
        self.ticket = ticket
        self.run = run
        self.children: dict[int, LiveExecution] = {}
        self.chunks: dict[int, int] = {}
        self.serving = False


@dataclass(slots=True)
class DoTask:
    """Perform a task, and answer under ``ticket``."""

    ticket: int
    call: CallTask


@dataclass(slots=True)
class RunChildren:
    """Run children in another process, and answer under ``ticket``."""

    ticket: int
    chunk: Chunk


@dataclass(slots=True)
class Cancel:
    """The outcome under this ticket is no longer needed."""

    ticket: int


@dataclass(slots=True)
class MapReach:
    """Read or write for the map run under ``ticket``, of Map ``state``, and answer under the ticket."""

    ticket: int
    state: str
    effect: Reach


@dataclass(slots=True)
class MapShow:
    """The map run has progressed."""

    run: MapRun


@dataclass(slots=True)
class MapEnd:
    """The map run has ended: close what was opened for it."""

    ticket: int
    run: MapRun


Reaching = MapReach | MapShow | MapEnd
Asked = DoTask | RunChildren | Cancel
