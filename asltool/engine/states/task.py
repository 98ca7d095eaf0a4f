"""Task: have work done elsewhere, with retries and catchers.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import compile_field, compile_flow
from asltool.engine.numbers import compile_integer
from asltool.engine.recovery import Recovery
from asltool.engine.resources import parse_resource
from asltool.engine.steps import CompiledState, Schedule, Step
from asltool.errors import EvaluationError
from asltool.syntax.model import Task

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.engine.retry import Failure

__all__ = ["TaskState", "compile_task"]


class TaskState(CompiledState):
    """A Task ready to run; ``resource`` says which events tell of its work."""

    __slots__ = ("_credentials", "_flow", "_heartbeat", "_recovery", "_timeout", "resource", "shows_token")

    kind = "Task"
    retries = True

    def __init__(self, state: Task) -> None:
        super().__init__(state.name, state.next)
        self.resource = parse_resource(state.resource)
        self.shows_token = self.resource.pattern == "waitForTaskToken"
        self._flow = compile_flow(state)
        self._credentials = compile_field(state, "Credentials", state.credentials)
        self._timeout = compile_integer("TimeoutSeconds", state.timeout_seconds, state.timeout_seconds_path)
        self._heartbeat = compile_integer(
            "HeartbeatSeconds", state.heartbeat_seconds, state.heartbeat_seconds_path
        )
        self._recovery = Recovery(state)

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._recovery.link(states)

    def enter(self, frame: Frame) -> Step:
        known = frame.execution.activities
        if known is not None and self.resource.events == "Activity" and self.resource.arn not in known:
            raise EvaluationError("States.Runtime", f"The activity {self.resource.arn} does not exist.")
        return Schedule(
            self._flow.arguments(frame),
            self._timeout(frame),
            self._heartbeat(frame),
            None if self._credentials is None else self._credentials(frame),
        )

    def resume(self, frame: Frame, result: Any) -> Step:
        return self._flow.leave(frame, result, self.next)

    def recover(self, frame: Frame, failure: Failure) -> Step:
        return self._recovery.decide(frame, failure)


compile_task = TaskState
