"""An execution as a value: ask it what happens next, tell it what happened.

::

    effects = execution.start(now)
    effects = execution.deliver(task_id, outcome, now)
    effects = execution.advance(now)

It does no I/O, reads no clock and draws no chance: moments come in as arguments and chance from its seed, so
the same calls give the same history, byte for byte. Between two calls it can be dumped, carried elsewhere
and loaded.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, Literal

from asltool.engine import history
from asltool.engine.context import execution_context
from asltool.engine.dump import dump_execution, load_execution
from asltool.engine.effects import CallTask, CancelTask, Effect, Failed, Outcome, Sleep, Submitted, Succeeded
from asltool.engine.frame import Frame
from asltool.engine.history import Record
from asltool.engine.identity import Identity
from asltool.engine.program import Program
from asltool.engine.resources import Resource
from asltool.engine.retry import Failure
from asltool.engine.states.task import TaskState
from asltool.engine.steps import Retry, Schedule, Step, Stop, WaitUntil
from asltool.engine.timers import TimerKind, Timers
from asltool.errors import EvaluationError

__all__ = ["Execution", "Status"]

Status = Literal["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT"]
"""The service's words; PENDING until `Execution.start` is called."""


class Execution:
    """One execution of a `Program`.

    Args:
        program: what to run.
        value: the input, JSON.
        identity: its names and ARNs.
        seed: where its chance comes from (jitter, ``States.UUID``, ``States.MathRandom``).

    ``status`` is the service's; ``output``, or ``error`` and ``cause``, are set when it ends. ``now`` is the
    moment of the last call, in seconds since the epoch. ``records`` is the history in its short form.
    """

    def __init__(self, program: Program, value: Any, identity: Identity, seed: int = 0) -> None:
        self.program = program
        self.input = value
        self.identity = identity
        self.seed = seed
        self.draws = 0
        self.status: Status = "PENDING"
        self.output: Any = None
        self.error: str | None = None
        self.cause: str | None = None
        self.now = self.started_at = 0.0
        self.records: list[Record] = []
        self.timers = Timers()
        self.frame = Frame(self, 0, program.start, value)
        self.tasks: dict[int, Frame] = {}
        self._effects: list[Effect] = []
        self._context: dict[str, Any] | None = None

    # What drivers call.

    def start(self, now: float) -> list[Effect]:
        """Begin at this moment, in seconds since the epoch.

        Raises:
            RuntimeError: it has begun already.
        """
        if self.status != "PENDING":
            raise RuntimeError(f"the execution has begun already: it is {self.status}")
        self.status = "RUNNING"
        self.now = self.started_at = now
        # The service's first state follows event 0, not the start.
        self.records.append(("ExecutionStarted", 0, now, (self.input, self.identity.role_arn)))
        if self.program.timeout_seconds is not None:
            self.timers.set(self.frame.number, "machine", now + self.program.timeout_seconds)
        self._run(self.frame)
        return self._take_effects()

    def deliver(self, task_id: int, outcome: Outcome, now: float) -> list[Effect]:
        """Tell how a task went. An outcome that nobody waits for any more is dropped."""
        self.now = max(self.now, now)
        frame = self.tasks.get(task_id)
        if frame is not None:
            self._told(frame, outcome)
        return self._take_effects()

    def advance(self, now: float) -> list[Effect]:
        """Let every timer go off that is due at this moment, the earliest first."""
        self.now = max(self.now, now)
        while (timer := self.timers.due(self.now)) is not None:
            self._go_off(*timer)
        return self._take_effects()

    def outstanding(self) -> list[Effect]:
        """Return what is still to be carried out, for a driver that goes on with a loaded execution."""
        calls = [
            self._call(frame, task_id, frame.work) for task_id, frame in self.tasks.items() if frame.work
        ]
        sleeps = [
            Sleep(moment, self.frame.state.name, kind)
            for _, kind, moment in self.timers.dump()
            if kind in ("wait", "retry")
        ]
        return [*calls, *sleeps]

    @property
    def wake_at(self) -> float | None:
        """When `advance` has something to do, in seconds since the epoch; None if no timer runs."""
        return self.timers.next

    @property
    def history(self) -> list[dict[str, Any]]:
        """The service's own events, ids and parents, as GetExecutionHistory gives them."""
        return history.events(self.records)

    def dump(self) -> dict[str, Any]:
        """Return everything there is to know about this execution, as JSON."""
        return dump_execution(self)

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> Execution:
        """Continue what `dump` returned, in this process or any other.

        Raises:
            DumpError: it is no dump, or one that this version cannot continue.
        """
        return load_execution(cls, dumped)

    # What frames see.

    @property
    def context(self) -> dict[str, Any]:
        """The part of the context object that is the same in every state."""
        if self._context is None:
            self._context = execution_context(self.identity, self.input, self.started_at)
        return self._context

    def uniform(self) -> float:
        """Draw the next number of the execution's own sequence, from 0 (inclusive) to 1 (exclusive).

        A generator for each number is slow, but its place in the sequence is one integer in a dump.
        """
        self.draws += 1
        return random.Random(f"{self.seed}/{self.draws}").random()

    # Running states.

    def _run(self, frame: Frame, step: Step | None = None) -> None:
        """Run states back to back, from this step or from entering the frame's state, until one holds."""
        records = self.records
        now = self.now
        while True:
            state = frame.state
            if step is None:
                records.append((state.entered, frame.previous, now, (state.name, frame.input)))
                frame.previous = frame.entered_id = len(records)
                frame.entered_at = now
                try:
                    step = state.enter(frame)
                except EvaluationError as error:
                    step = self._recover(frame, error)
            if type(step) is not tuple:
                self._hold(frame, step)
                return
            output, following, assigned = step
            if assigned is None:
                records.append((state.exited, frame.previous, now, (state.name, output)))
            else:
                records.append((state.exited, frame.previous, now, (state.name, output, assigned)))
                frame.variables = {**frame.variables, **assigned}
            frame.previous = len(records)
            if following is None:
                self._succeed(frame, output)
                return
            frame.move(following, output)
            step = None

    def _go_on(self, frame: Frame, decide: Callable[..., Step], *args: Any) -> None:
        """Ask a held state for its next step, and run on from there."""
        try:
            step = decide(frame, *args)
        except EvaluationError as error:
            step = self._recover(frame, error)
        self._run(frame, step)

    def _recover(self, frame: Frame, error: EvaluationError) -> Step:
        """Let the state decide about an error of its own expressions."""
        failure = _failure_in(frame, error)
        try:
            return frame.state.recover(frame, failure)
        except EvaluationError as another:
            return Stop(_failure_in(frame, another))

    def _hold(self, frame: Frame, step: Step) -> None:
        """See to what a state asks for."""
        match step:
            case Schedule():
                self._schedule(frame, step)
            case WaitUntil(moment):
                self._sleep(frame, "wait", moment)
            case Retry(delay):
                self._sleep(frame, "retry", self.now + delay)
            case Stop(failure):
                frame.record("ExecutionFailed", failure.error, failure.cause)
                self.error, self.cause = failure.error, failure.cause
                self._end("FAILED")

    def _sleep(self, frame: Frame, kind: Literal["wait", "retry"], moment: float) -> None:
        self.timers.set(frame.number, kind, moment)
        self._effects.append(Sleep(moment, frame.state.name, kind))

    def _go_off(self, number: int, kind: TimerKind) -> None:
        """Do what a timer was set for."""
        frame = self.frame
        match kind:
            case "wait":
                self._go_on(frame, frame.state.resume, None)
            case "retry":
                frame.attempt += 1
                self._go_on(frame, frame.state.enter)
            case "task":
                self._time_out(frame)
            case "machine":
                frame.record("ExecutionTimedOut")
                self.error = "States.Timeout"
                self._end("TIMED_OUT")

    def _succeed(self, frame: Frame, output: Any) -> None:
        frame.record("ExecutionSucceeded", output)
        self.output = output
        self._end("SUCCEEDED")

    def _end(self, status: Status) -> None:
        self.status = status
        self.timers.clear()
        self._effects.extend(CancelTask(task_id) for task_id in self.tasks)
        self.tasks.clear()

    def _take_effects(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects

    # Work that is done elsewhere.

    def _schedule(self, frame: Frame, work: Schedule) -> None:
        resource = _resource(frame)
        region = self.identity.region
        frame.record(*resource.scheduled(work.input, region, work.timeout_seconds, work.heartbeat_seconds))
        frame.work = work
        frame.task_id = frame.previous
        self.tasks[frame.task_id] = frame
        if resource.starts_at_once:
            frame.record(*resource.told("Started"))
        if work.timeout_seconds is not None:
            self.timers.set(frame.number, "task", self.now + work.timeout_seconds)
        self._effects.append(self._call(frame, frame.task_id, work))

    def _call(self, frame: Frame, task_id: int, work: Schedule) -> CallTask:
        return CallTask(
            task_id=task_id,
            state=frame.state.name,
            resource=_resource(frame).arn,
            input=work.input,
            attempt=frame.attempt,
            timeout_seconds=work.timeout_seconds,
            execution_arn=self.identity.execution_arn,
        )

    def _told(self, frame: Frame, outcome: Outcome) -> None:
        """Note what a task's outcome says, and go on if the task has ended."""
        resource = _resource(frame)
        match outcome:
            case Submitted(output):
                frame.record(*resource.told("Submitted", output))
            case Succeeded(output):
                self._release(frame)
                frame.record(*resource.told("Succeeded", output))
                self._go_on(frame, frame.state.resume, output)
            case Failed(error, cause):
                self._release(frame)
                frame.record(*resource.told("Failed", error, cause))
                self._go_on(frame, frame.state.recover, Failure(error, cause, of_task=True))

    def _time_out(self, frame: Frame) -> None:
        self._effects.append(CancelTask(self._release(frame)))
        frame.record(*_resource(frame).told("TimedOut", "States.Timeout", None))
        self._go_on(frame, frame.state.recover, Failure("States.Timeout", of_task=True))

    def _release(self, frame: Frame) -> int:
        """Wait for the frame's task no longer."""
        task_id = frame.task_id
        assert task_id is not None
        frame.task_id = frame.work = None
        del self.tasks[task_id]
        self.timers.drop(frame.number, "task")
        return task_id


def _resource(frame: Frame) -> Resource:
    assert isinstance(frame.state, TaskState)
    return frame.state.resource


def _failure_in(frame: Frame, error: EvaluationError) -> Failure:
    place = f"the state '{frame.state.name}' (entered at the event id #{frame.entered_id})"
    return Failure(error.error, f"An error occurred while executing {place}. {error.cause}")
