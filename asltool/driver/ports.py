"""What a driver needs from outside. With these you can run a machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from asltool.engine.effects import CallTask, Outcome
from asltool.engine.execution import Execution
from asltool.engine.map_io import Chunk

__all__ = ["AioTasks", "Answer", "Broken", "Clock", "SleepingClock", "StartExecution", "TaskPort"]


@runtime_checkable
class Clock(Protocol):
    """Tells the time, and how long to wait for a timestamp. Timestamps are seconds since the epoch.

    An attribute ``patient`` says whether answers may come from outside, such as task tokens sent by another
    program. If it is False, a run waits for its own functions only. Without it, it counts as True.
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
    """The work of a task is another execution: run it beside the one that called the task, on the same clock.

    ``execution`` has not begun yet, or was loaded from a dump. The driver calls ``began`` once it runs and
    ``ended`` when it has ended, in the driver's own thread; these tell the outcomes of the task. If the task
    is cancelled first, the execution is aborted and ``ended`` is not called.

    An execution whose task has ended before it runs on by itself.
    """

    execution: Execution
    began: Callable[[], None]
    ended: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Broken:
    """What does the work has a bug, or is missing: the execution that asked for the work ends with this."""

    problem: Exception


Answer = Outcome | StartExecution | Broken
"""What a task port answers to a call: how the task goes, or what the driver is to do for it."""


class TaskPort(Protocol):
    """Does the work of Task states, possibly several at a time.

    Every task has a ticket of its own, an integer, whichever execution it belongs to.
    """

    @property
    def busy(self) -> bool:
        """Whether work is in flight, so that an answer will come by itself."""

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        """Begin this work, or look after it if it was submitted before: its ticket is then the same.

        ``alone``: nothing else runs or waits, so it may as well be done here and now.

        Raises:
            NoHandler: nothing does this kind of work.
        """

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        """Run these children in another process; they are answered with a list of `EndedChild`."""

    def cancel(self, ticket: int) -> None:
        """Stop this work if it can be stopped; its outcome is ignored."""

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Answer]]:
        """Return the answers there are, waiting so many real seconds for the first; None: without limit.

        Raises:
            NoAnswer: it would wait for ever, for nothing is left that could answer.
        """


class AioTasks(TaskPort, Protocol):
    """The `TaskPort` of the asyncio driver, which never waits: it calls `wait` with 0."""

    def listen(self, stirred: Callable[[], None]) -> None:
        """Have ``stirred`` called, in any thread, when there is an answer to be fetched."""

    def in_flight(self, ticket: int) -> bool:
        """Return whether an answer under this ticket will come by itself."""
