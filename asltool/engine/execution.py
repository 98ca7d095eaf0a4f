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

import math
import random
from collections import deque
from typing import Any, Literal

from asltool.engine import distribution, interpreter, work
from asltool.engine.context import execution_context
from asltool.engine.dump import DAMAGE, dump_execution, load_execution, raise_damaged
from asltool.engine.effects import CancelTask, Effect, Outcome, Sleep
from asltool.engine.frame import Frame
from asltool.engine.identity import Identity
from asltool.engine.limits import MOST_EVENTS, oversize_input, too_large
from asltool.engine.program import Program
from asltool.engine.retry import Failure
from asltool.engine.steps import CompiledState
from asltool.engine.timers import TimerKind, Timers
from asltool.engine.work import Question
from asltool.errors import DumpError
from asltool.history.events import events
from asltool.history.records import FIELDS, Records

__all__ = ["Execution", "Status"]

Status = Literal["PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]
"""The service's words; PENDING until `Execution.start` is called."""


class Execution:
    """One execution of a `Program`.

    Args:
        program: what to run.
        value: the input, JSON.
        identity: its names and ARNs.
        seed: where its chance comes from (jitter, ``States.UUID``, ``States.MathRandom``).
        limits: whether the service's limits hold: 256 KiB a payload, 25,000 events.
        activities: the ARNs of the activities that exist; None stands for all.

    ``status`` is the service's; ``output``, or ``error`` and ``cause``, are set when it ends. ``now`` is the
    moment of the last call, in seconds since the epoch. ``records`` is the history in its short form.
    """

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
        self.program = program
        self.input = value
        self.identity = identity
        self.seed = seed
        self.limits = limits
        self.activities = activities
        self.draws = 0
        self.status: Status = "PENDING"
        self.output: Any = None
        self.error: str | None = None
        self.cause: str | None = None
        self.now = self.started_at = 0.0
        self.redrive_count = 0
        self.records = Records()
        self.timers = Timers()
        self.tasks: dict[int, Frame] = {}
        self.effects: list[Effect] = []
        self.ready: deque[tuple[Frame, Question | None]] = deque()
        self.frames: dict[int, Frame] = {}
        self.made = 0
        self.loaded = False
        self.root = self.new_frame(program.machine.start, value, None)
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
        self.records.add("ExecutionStarted", 0, now, (self.input, self.identity.role_arn))
        if self.program.timeout_seconds is not None:
            self.timers.set(self.root.number, "machine", now + self.program.timeout_seconds)
        self.ready.append((self.root, None))
        if self.limits and too_large(self.input):
            self.fail(oversize_input())
        return self._carry_on()

    def deliver(self, task_id: int, outcome: Outcome, now: float) -> list[Effect]:
        """Tell how a task goes. An outcome that nobody waits for any more is dropped."""
        self.now = max(self.now, now)
        frame = self.tasks.get(task_id)
        tell = work.told if frame is None or frame.work is not None else distribution.told
        question = None if frame is None else tell(frame, outcome)
        if frame is not None and question is not None:
            self.ready.append((frame, question))
        return self._carry_on()

    def advance(self, now: float) -> list[Effect]:
        """Let every timer go off that is due at this moment, the earliest first."""
        self.now = max(self.now, now)
        effects: list[Effect] = []
        while (timer := self.timers.due(self.now)) is not None:
            self._go_off(*timer)
            effects += self._carry_on()
        return effects

    def abort(self, now: float, error: str | None = None, cause: str | None = None) -> list[Effect]:
        """End the execution from outside, as StopExecution does; what has ended stays as it is."""
        if self.status == "RUNNING":
            self.now = max(self.now, now)
            self.root.record("ExecutionAborted", error, cause)
            self.error, self.cause = error, cause
            self._end("ABORTED")
        return self._carry_on()

    def redrive(self, now: float) -> list[Effect]:
        """Go on with an execution that did not succeed, from the state it ended in, as RedriveExecution does.

        A distributed Map runs again those children that did not succeed.

        Raises:
            DumpError: it has not ended, has succeeded, or ended in a Parallel or an inline Map, of whose
                branches nothing is kept.
        """
        root = self.root
        if self.status not in ("FAILED", "TIMED_OUT", "ABORTED"):
            raise DumpError(f"the execution cannot be redriven: it is {self.status}")
        if root.state.forks and not distribution.is_at_map_run(root):
            raise DumpError(f'the execution cannot be redriven: it ended in state "{root.state.name}"')
        self.status, self.error, self.cause = "RUNNING", None, None
        self.now = max(self.now, now)
        self.redrive_count += 1
        self._context = None
        self.tasks.clear()
        root.retries, root.attempt = {}, 0
        root.record("ExecutionRedriven", self.redrive_count)
        if self.program.timeout_seconds is not None:
            self.timers.set(root.number, "machine", self.now + self.program.timeout_seconds)
        if distribution.is_at_map_run(root):
            distribution.redrive(root)
        else:
            self.ready.append((root, (root.state.enter,)))
        return self._carry_on()

    def outstanding(self) -> list[Effect]:
        """Return what is still to be carried out, for a driver that goes on with a loaded execution."""
        timers = self.timers.dump()
        sleeps = [
            Sleep(moment, self.frames[number].state.name, kind)
            for number, kind, moment in timers
            if kind in ("wait", "retry")
        ]
        asked_later = {number for number, kind, _ in timers if kind == "poll"}
        waiting = [frame for frame in self.tasks.values() if frame.number not in asked_later]
        asks = [distribution.ask(frame) if frame.work is None else work.call(frame) for frame in waiting]
        return [*asks, *sleeps]

    @property
    def wake_at(self) -> float | None:
        """When `advance` has something to do, in seconds since the epoch; None if no timer runs."""
        return self.timers.next

    @property
    def history(self) -> list[dict[str, Any]]:
        """The service's own events, ids and parents, as GetExecutionHistory gives them."""
        try:
            return events(self.records)
        except DAMAGE as problem:
            raise_damaged(problem, self.loaded)

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
    def full_tape(self) -> float:
        """How long the tape of the records is when only the event that ends the execution has room."""
        return math.inf if self.identity.express else (MOST_EVENTS - 1) * FIELDS

    @property
    def context(self) -> dict[str, Any]:
        """The part of the context object that is the same in every state."""
        if self._context is None:
            self._context = execution_context(self.identity, self.input, self.started_at, self.redrive_count)
        return self._context

    def uniform(self) -> float:
        """Draw the next number of the execution's own sequence, from 0 (inclusive) to 1 (exclusive).

        A generator for each number is slow, but its place in the sequence is one integer in a dump.
        """
        self.draws += 1
        return random.Random(f"{self.seed}/{self.draws}").random()

    # What the interpreter does to it.

    def new_frame(self, state: CompiledState, value: Any, parent: Frame | None) -> Frame:
        """Make a frame with a number of its own."""
        frame = Frame(self, self.made, state, value, parent)
        self.frames[frame.number] = frame
        self.made += 1
        return frame

    def succeed(self, output: Any) -> None:
        self.root.record("ExecutionSucceeded", output)
        self.output = output
        self._end("SUCCEEDED")

    def fail(self, failure: Failure, previous: int | None = None) -> None:
        """End with a failure, which the event ``previous`` tells of; the root's last event if left out."""
        if previous is not None:
            self.root.previous = previous
        self.root.record("ExecutionFailed", failure.error, failure.cause)
        self.error, self.cause = failure.error, failure.cause
        self._end("FAILED")

    def _time_out(self) -> None:
        # The event follows none (measured by others, not recorded); describing the execution shows no error.
        payload = ("States.Timeout", None)
        self.root.previous = self.records.add("ExecutionTimedOut", 0, self.now, payload)
        self._end("TIMED_OUT")

    def _end(self, status: Status) -> None:
        self.status = status
        self.effects.extend(CancelTask(task_id) for task_id in self.tasks)
        self.tasks.clear()
        self.timers.clear()
        self.ready.clear()

    def _go_off(self, number: int, kind: TimerKind) -> None:
        """Do what a timer was set for."""
        frame = self.frames[number]
        match kind:
            case "wait":
                self.ready.append((frame, (frame.state.resume, None)))
            case "retry":
                frame.attempt += 1
                self.ready.append((frame, (frame.state.enter,)))
            case "task":
                self.ready.append((frame, work.time_out(frame)))
            case "heartbeat":
                self.ready.append((frame, work.time_out(frame, "States.HeartbeatTimeout")))
            case "poll":
                self.effects.append(work.call(frame))
            case "machine":
                self._time_out()

    def _carry_on(self) -> list[Effect]:
        """Run every frame that can go on, and return what they ask for."""
        try:
            while self.ready:
                frame, question = self.ready.popleft()
                if frame.number not in self.frames:
                    continue
                if question is None:
                    interpreter.run(frame)
                else:
                    interpreter.answer(frame, question)
        except DAMAGE as problem:
            raise_damaged(problem, self.loaded)
        effects, self.effects = self.effects, []
        return effects
