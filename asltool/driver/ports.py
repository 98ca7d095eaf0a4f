"""The ports of a driver. Implement these to run a machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from asltool.engine.effects import CallTask, Outcome
from asltool.engine.execution import Execution
from asltool.engine.map_io import Chunk

__all__ = [
    "AioTasks",
    "Answer",
    "Broken",
    "Capacity",
    "Clock",
    "SleepingClock",
    "StartExecution",
    "TaskPort",
]


@runtime_checkable
class Clock(Protocol):
    """Returns the time, and how long to wait for a timestamp. Timestamps are in seconds since the epoch.

    The attribute ``patient`` says whether answers may come from outside, such as task tokens sent by another
    program. If it is False, a run waits only for its own functions. The default is True.
    """

    def now(self) -> float:
        """Return the current timestamp."""

    def until(self, timestamp: float, *, idle: bool) -> float:
        """Return for how many real seconds to wait for this timestamp; 0 or less if it has come.

        ``idle``: no task runs and no answer is expected, so a clock that jumps jumps to the timestamp.
        """


class SleepingClock(Protocol):
    """The other kind of clock: it sleeps until a timestamp itself, when no task runs."""

    def now(self) -> float:
        """Return the current timestamp."""

    def sleep_until(self, timestamp: float) -> None:
        """Return once this timestamp has come."""


@dataclass(frozen=True, slots=True)
class StartExecution:
    """The task runs another execution: run it alongside its parent, on the same clock.

    ``execution`` is new or was loaded from a dump. In its own thread, the driver calls ``began`` when it runs
    and ``ended`` when it has ended; these report the task's outcomes. If the task is cancelled first, the
    execution is aborted and ``ended`` is not called.

    An execution whose task ended before it continues by itself.
    """

    execution: Execution
    began: Callable[[], None]
    ended: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """The integration has a bug, or is missing: the execution that requested the work ends with this."""

    problem: Exception


Answer = Outcome | StartExecution | Broken
"""A task port's answer to a call: an outcome, or what the driver should do."""


class TaskPort(Protocol):
    """Performs the work of Task states, possibly several at a time.

    Every task has its own ticket, an integer that is unique across executions.
    """

    @property
    def busy(self) -> bool:
        """Whether work is running, so an answer will come by itself."""

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        """Start this work, or poll it if it was submitted before; its ticket is then the same.

        ``alone``: nothing else runs or waits, so it may be done here and now.

        Raises:
            NoHandler: no integration supports this work.
        """

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        """Run these children in another process; the answer is a `ChunkEnd`."""

    def cancel(self, ticket: int) -> None:
        """Stop this work if it can be stopped; its outcome is ignored."""

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Answer]]:
        """Return the available answers, waiting up to this many real seconds for the first; None for no
        limit.

        Raises:
            NoAnswer: nothing can answer any more, so it would wait forever.
        """


class Capacity(Protocol):
    """Other processes that run children of map runs."""

    @property
    def workers(self) -> int:
        """How many chunks of children can run at the same time, at least 1; it may change."""


class AioTasks(TaskPort, Protocol):
    """The `TaskPort` of the asyncio driver, which never waits: it calls `wait` with 0."""

    def listen(self, stirred: Callable[[], None]) -> None:
        """Call ``stirred``, from any thread, when an answer is available."""

    def in_flight(self, ticket: int) -> bool:
        """Return whether an answer under this ticket will come by itself."""
