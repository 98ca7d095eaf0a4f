"""An execution as a value: it is called with what happened, and returns what to do next.

::

    effects = execution.start(now)
    effects = execution.deliver(task_id, outcome, now)
    effects = execution.advance(now)

It does no I/O and reads no clock, and random values come from its seed: the same calls give the same history,
byte for byte. Between two calls it can be dumped, and loaded in another process.
"""

from __future__ import annotations

from collections.abc import KeysView
from typing import Any

from asltool.engine import distribution, interpreter, work
from asltool.engine.dump import DAMAGE, dump_progress, load_progress, raise_damaged
from asltool.engine.effects import Effect, Outcome, Sleep
from asltool.engine.identity import ExecutionStatus, Identity
from asltool.engine.limits import oversize_input, too_large
from asltool.engine.map_io import ChildEnd
from asltool.engine.program import Program
from asltool.engine.progress import Progress
from asltool.engine.resumption import AGAIN, BEGIN, Resume
from asltool.engine.retry import Failure
from asltool.engine.timers import TimerKind
from asltool.errors import NotRedrivable
from asltool.history.events import events
from asltool.history.records import Records

__all__ = ["Execution"]


class Execution:
    """One execution of a `Program`.

    Args:
        program: what to run.
        value: the input, JSON.
        identity: its names and ARNs.
        seed: the seed of random values (jitter, ``States.UUID``, ``States.MathRandom``).
        limits: whether the service's limits apply: 256 KiB per payload, 25,000 events.
        activities: the ARNs of the activities that exist; None stands for all.
    """

    __slots__ = ("_progress",)

    def __init__(
        self,
        program: Program,
        value: Any,
        identity: Identity,
        seed: int = 0,
        *,
        limits: bool = True,
        activities: list[str] | None = None,
    ) -> None:
        self._progress = Progress(program, value, identity, seed, limits=limits, activities=activities)

    # Methods for drivers.

    def start(self, now: float) -> list[Effect]:
        """Start at this timestamp, in seconds since the epoch.

        Raises:
            RuntimeError: it has already started.
        """
        progress = self._progress
        if progress.status != "PENDING":
            raise RuntimeError(f"the execution has already started: it is {progress.status}")
        progress.start(now)
        self._set_machine_timer()
        progress.go_on(progress.root, BEGIN)
        if progress.limits and too_large(progress.input):
            progress.fail(oversize_input())
        return self._carry_on()

    def deliver(self, task_id: int, outcome: Outcome, now: float) -> list[Effect]:
        """Report the outcome of a task or a map run. It is ignored if the execution no longer needs it."""
        progress = self._progress
        progress.move(now)
        frame = progress.tasks.get(task_id)
        if frame is not None:
            hear = distribution.hear if frame.work is None else work.hear
            hear(progress, frame, outcome)
        return self._carry_on()

    def advance(self, now: float) -> list[Effect]:
        """Fire every timer that is due at this timestamp, earliest first."""
        progress = self._progress
        progress.move(now)
        effects: list[Effect] = []
        while (timer := progress.timers.due(progress.now)) is not None:
            self._go_off(*timer)
            effects += self._carry_on()
        return effects

    def abort(self, now: float, error: str | None = None, cause: str | None = None) -> list[Effect]:
        """End the execution from outside, as StopExecution does; no effect if it has ended."""
        if self._progress.status == "RUNNING":
            self._progress.move(now)
            self._progress.abort(error, cause)
        return self._carry_on()

    def fail(self, now: float, error: str, cause: str) -> None:
        """Start and fail at once: what was to run this execution could not."""
        self._progress.start(now)
        self._progress.fail(Failure(error, cause))

    def redrive(self, now: float) -> list[Effect]:
        """Run an unsuccessful execution again from the state in which it ended, as RedriveExecution does.

        A Parallel or Map runs only the branches, iterations and children that did not succeed.

        Raises:
            NotRedrivable: it has not ended, or has succeeded.
        """
        progress = self._progress
        if progress.status not in ("FAILED", "TIMED_OUT", "ABORTED"):
            raise NotRedrivable(f"the execution cannot be redriven: it is {progress.status}")
        progress.move(now)
        self._set_machine_timer()
        interpreter.redrive(progress)
        return self._carry_on()

    def outstanding(self) -> list[Effect]:
        """Return the outstanding effects, for a driver that continues a loaded execution."""
        progress = self._progress
        asked_later = {number for number, kind, _ in progress.timers.dump() if kind == "poll"}
        waiting = [frame for frame in progress.tasks.values() if frame.number not in asked_later]
        asks = [
            distribution.ask(progress, frame) if frame.work is None else work.call(progress, frame)
            for frame in waiting
        ]
        return [*asks, *self.sleeps]

    @property
    def sleeps(self) -> list[Sleep]:
        """The states that wait, or are to be tried again, and until when."""
        frames = self._progress.frames
        return [
            Sleep(at, frames[number].state.name, kind)
            for number, kind, at in self._progress.timers.dump()
            if kind in ("wait", "retry")
        ]

    @property
    def waits_for(self) -> KeysView[int]:
        """The IDs of the tasks and map runs whose outcomes it waits for."""
        return self._progress.tasks.keys()

    @property
    def wake_at(self) -> float | None:
        """When to call `advance` next, in seconds since the epoch; None if no timer is set."""
        timers = self._progress.timers
        return timers.next if timers.running else None

    # State and results.

    @property
    def program(self) -> Program:
        return self._progress.program

    @property
    def identity(self) -> Identity:
        return self._progress.identity

    @property
    def seed(self) -> int:
        return self._progress.seed

    @property
    def limits(self) -> bool:
        """Whether the service's limits hold."""
        return self._progress.limits

    @property
    def input(self) -> Any:
        return self._progress.input

    @property
    def status(self) -> ExecutionStatus:
        """The service's status; PENDING before `start`."""
        return self._progress.status

    @property
    def output(self) -> Any:
        return self._progress.output

    @property
    def error(self) -> str | None:
        return self._progress.error

    @property
    def cause(self) -> str | None:
        return self._progress.cause

    @property
    def started_at(self) -> float:
        """The start time, in seconds since the epoch."""
        return self._progress.started_at

    @property
    def now(self) -> float:
        """The timestamp of the last call, in seconds since the epoch."""
        return self._progress.now

    @property
    def redrive_count(self) -> int:
        return self._progress.redrive_count

    @property
    def context(self) -> dict[str, Any]:
        """The part of the context object that is the same in every state."""
        return self._progress.context

    @property
    def records(self) -> Records:
        """The history in compact form."""
        return self._progress.records

    @property
    def history(self) -> list[dict[str, Any]]:
        """The events, IDs and parents, as GetExecutionHistory returns them."""
        try:
            return events(self._progress.records)
        except DAMAGE as problem:
            raise_damaged(problem, self._progress.loaded)

    def dump(self, *, definition: bool = True, events: bool = True) -> dict[str, Any]:
        """Return the complete state of this execution, as JSON.

        Args:
            definition: False to leave out the definition; `load` then needs the program.
            events: False to leave out past events; the history of a loaded execution begins after them.
        """
        return dump_progress(self._progress, definition=definition, events=events)

    @classmethod
    def load(cls, dumped: dict[str, Any], program: Program | None = None) -> Execution:
        """Restore an execution from `dump`, in this process or any other.

        ``program`` is the compiled definition. By default it is found by its hash if in use, or compiled.

        Raises:
            DumpError: it is not a dump, or one that this version cannot continue.
        """
        execution = cls.around(load_progress(dumped, program))
        try:
            execution.outstanding()  # its waits must fit its states
        except DAMAGE as problem:
            raise_damaged(problem)
        return execution

    def end_as(self, ended: ChildEnd, tape: list[Any]) -> None:
        """Take over this execution's end in another process; ``tape`` has its records."""
        self._progress.end_as(ended, tape)

    @classmethod
    def around(cls, progress: Progress) -> Execution:
        """Return the execution that makes this progress: that of a frame is ``frame.shared``."""
        execution = cls.__new__(cls)
        execution._progress = progress
        return execution

    # Internals.

    def _set_machine_timer(self) -> None:
        if self._progress.program.timeout_seconds is not None:
            self._progress.set_timer(self._progress.root, "machine", self._progress.program.timeout_seconds)

    def _go_off(self, number: int, kind: TimerKind) -> None:
        """Perform a timer's action."""
        progress = self._progress
        frame = progress.frames[number]
        match kind:
            case "wait":
                progress.go_on(frame, Resume())
            case "retry":
                frame.try_again()
                progress.go_on(frame, AGAIN)
            case "task":
                work.time_out(progress, frame)
            case "heartbeat":
                work.time_out(progress, frame, "States.HeartbeatTimeout")
            case "poll":
                progress.ask(work.call(progress, frame))
            case "machine":
                progress.time_out()

    def _carry_on(self) -> list[Effect]:
        """Run every frame that can continue, and return their effects."""
        progress = self._progress
        try:
            interpreter.run(progress)
        except DAMAGE as problem:
            raise_damaged(problem, progress.loaded)
        return progress.take_effects()
