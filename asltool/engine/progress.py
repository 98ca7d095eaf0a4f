"""The progress of an execution: its frames, their waits, and the outstanding effects.

The functions of `interpreter`, `work`, `forks` and `distribution` change it, by the methods here. Drivers see
the `Execution` around it.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Literal

from asltool.engine.decisions import CompiledState, ScheduleTask
from asltool.engine.effects import CancelTask, Effect, Sleep
from asltool.engine.frame import Frame, Shared
from asltool.engine.identity import ExecutionStatus, Identity
from asltool.engine.map_io import ChildEnd
from asltool.engine.map_plan import MapPlan
from asltool.engine.program import Program
from asltool.engine.resumption import Resumption
from asltool.engine.retry import Failure
from asltool.engine.timers import TASK_TIMERS, TimerKind, Timers

__all__ = ["Progress"]


class Progress(Shared):
    """``tasks`` are the frames that wait for a task or a map run, by its ID; ``frames`` are all by number.

    ``ready`` are those that can continue, with the reason. ``stopped`` are by number the children of failed
    forks, which a redrive continues. ``made`` counts all frames so far. ``loaded``: it is from a dump.
    """

    __slots__ = (
        "_effects",
        "cause",
        "error",
        "frames",
        "loaded",
        "made",
        "output",
        "program",
        "ready",
        "root",
        "status",
        "stopped",
        "tasks",
        "timers",
    )

    def __init__(
        self,
        program: Program,
        value: Any,
        identity: Identity,
        seed: int,
        *,
        limits: bool,
        activities: list[str] | None,
    ) -> None:
        super().__init__(value, identity, seed, limits=limits, activities=activities)
        self.program = program
        self.status: ExecutionStatus = "PENDING"
        self.output: Any = None
        self.error: str | None = None
        self.cause: str | None = None
        self.timers = Timers()
        self.tasks: dict[int, Frame] = {}
        self.frames: dict[int, Frame] = {}
        self.stopped: dict[int, Frame] = {}
        self.made = 0
        self.loaded = False
        self._effects: list[Effect] = []
        self.ready: deque[tuple[Frame, Resumption]] = deque()
        self.root = self.new_frame(program.machine.start, value, None)

    def start(self, now: float) -> None:
        """Record the start."""
        self.begin(now)
        # The service's first state follows event 0, not the start.
        self.records.add("ExecutionStarted", 0, now, (self.input, self.identity.role_arn))

    def begin(self, now: float) -> None:
        super().begin(now)
        self.status = "RUNNING"

    # Frames.

    def new_frame(self, state: CompiledState, value: Any, parent: Frame | None) -> Frame:
        """Make a frame with a new number."""
        frame = Frame(self, self.made, state, value, parent)
        self.frames[frame.number] = frame
        self.made += 1
        return frame

    def restore(self, frame: Frame, *, stopped: bool) -> None:
        """Add a frame from a dump."""
        (self.stopped if stopped else self.frames)[frame.number] = frame
        if frame.task_id is not None:
            self.tasks[frame.task_id] = frame

    def remove(self, frame: Frame) -> None:
        """Remove a frame that has ended."""
        del self.frames[frame.number]

    def stop(self, frame: Frame) -> None:
        """Keep a frame for a redrive that has failed or been aborted."""
        self.stopped[frame.number] = self.frames.pop(frame.number)

    def go_on(self, frame: Frame, why: Resumption) -> None:
        """Continue a frame when it is its turn."""
        self.ready.append((frame, why))

    # Waits of frames.

    def ask(self, effect: Effect) -> None:
        """Request an effect."""
        self._effects.append(effect)

    def take_effects(self) -> list[Effect]:
        """Return the effects requested since the last call."""
        effects, self._effects = self._effects, []
        return effects

    def wait_for_outcome(self, frame: Frame, asked: ScheduleTask | MapPlan) -> None:
        """Let the frame wait for the outcome of a task or map run, whose ID is that of its last event."""
        if isinstance(asked, ScheduleTask):
            frame.work = asked
        else:
            frame.plan = asked
        frame.task_id = frame.previous
        self.tasks[frame.task_id] = frame

    def stop_waiting(self, frame: Frame) -> None:
        """End the frame's wait for its task or map run."""
        assert frame.task_id is not None
        del self.tasks[frame.task_id]
        frame.forget_task()
        if self.timers.running:
            self.timers.drop(frame.number, *TASK_TIMERS)

    def sleep(self, frame: Frame, kind: Literal["wait", "retry"], until: float) -> None:
        """Let the frame wait for a timestamp."""
        self.timers.set(frame.number, kind, until)
        self._effects.append(Sleep(until, frame.state.name, kind))

    def set_timer(self, frame: Frame, kind: TimerKind, seconds: float) -> None:
        """Set a timer for this many seconds."""
        self.timers.set(frame.number, kind, self.now + seconds)

    # The end.

    def succeed(self, output: Any) -> None:
        self.root.record("ExecutionSucceeded", output)
        self.output = output
        self._end("SUCCEEDED")

    def fail(self, failure: Failure, previous: int | None = None) -> None:
        """End with a failure, recorded by the event ``previous`` (by default the root's last event)."""
        if previous is not None:
            self.root.previous = previous
        self.root.record("ExecutionFailed", failure.error, failure.cause)
        self.error, self.cause = failure.error, failure.cause
        self._end("FAILED")

    def time_out(self) -> None:
        # DescribeExecution has no error.
        self._record_interruption("ExecutionTimedOut", "States.Timeout", None)
        self._end("TIMED_OUT")

    def abort(self, error: str | None, cause: str | None) -> None:
        self._record_interruption("ExecutionAborted", error, cause)
        self.error, self.cause = error, cause
        self._end("ABORTED")

    def end_as(self, ended: ChildEnd, tape: list[Any]) -> None:
        """Take over an end from another process, with its tape of records."""
        self.status, self.started_at, self.now = ended.status, ended.started_at, ended.stopped_at
        self.output, self.error, self.cause = ended.output, ended.error, ended.cause
        self.records.tape = tape

    def reopen(self) -> int:
        """Run again after the end; return the ID of the event that says so."""
        self.status, self.error, self.cause = "RUNNING", None, None
        self.count_redrive()
        return self.root.note("ExecutionRedriven", self.redrive_count)

    def _record_interruption(self, kind: str, *payload: Any) -> None:
        """Add the event of an end from outside, which follows no other (measured 2026-09-24)."""
        self.root.previous = 0
        self.root.record(kind, *payload)

    def _end(self, status: ExecutionStatus) -> None:
        self.status = status
        if self.tasks:
            self._effects.extend(CancelTask(task_id) for task_id in self.tasks)
            for frame in self.tasks.values():
                frame.forget_task()
            self.tasks.clear()
        self.timers.clear()
        self.ready.clear()
