"""Task: have work done elsewhere, with retries and catchers.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.engine.dataflow import compile_arguments, compile_leave
from asltool.engine.frame import Frame
from asltool.engine.recovery import Recovery
from asltool.engine.resources import parse_resource
from asltool.engine.retry import Failure
from asltool.engine.steps import CompiledState, Schedule, Step
from asltool.errors import EvaluationError
from asltool.expr.environment import Evaluate
from asltool.expr.jsonpath import compile_path
from asltool.syntax.model import Task

__all__ = ["TaskState", "compile_task"]


class TaskState(CompiledState):
    """A Task ready to run; ``resource`` says which events tell of its work."""

    __slots__ = ("_arguments", "_heartbeat", "_leave", "_recovery", "_timeout", "resource")

    retries = True

    def __init__(self, state: Task) -> None:
        super().__init__("Task", state.name, state.next)
        self.resource = parse_resource(state.resource)
        self._arguments = compile_arguments(state, state.parameters)
        self._leave = compile_leave(state, state.result_path, state.result_selector)
        self._timeout = _compile_seconds(state.timeout_seconds, state.timeout_seconds_path)
        self._heartbeat = _compile_seconds(state.heartbeat_seconds, state.heartbeat_seconds_path)
        self._recovery = Recovery(state.retry, state.catch)

    def link(self, states: Mapping[str, CompiledState]) -> None:
        super().link(states)
        self._recovery.link(states)

    def enter(self, frame: Frame) -> Step:
        value = frame.input if self._arguments is None else self._arguments(frame.input, frame)
        return Schedule(value, self._timeout(frame.input, frame), self._heartbeat(frame.input, frame))

    def resume(self, frame: Frame, result: Any) -> Step:
        return self._leave(frame, result, self.next)

    def recover(self, frame: Frame, failure: Failure) -> Step:
        return self._recovery.decide(frame, failure)


def _compile_seconds(seconds: int | str | None, path: str | None) -> Evaluate:
    if path is None:
        return lambda document, environment: seconds
    read = compile_path(path).read

    def seconds_at(document: Any, environment: Any) -> int:
        found = read(document, environment)
        if isinstance(found, bool) or not isinstance(found, int) or found <= 0:
            raise EvaluationError(
                "States.Runtime", f"The value at {path} must be a positive integer: {found}"
            )
        return found

    return seconds_at


compile_task = TaskState
