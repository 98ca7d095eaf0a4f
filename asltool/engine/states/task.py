"""Task: have work done elsewhere, with retries and catchers.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

from asltool.engine.dataflow import compile_field
from asltool.engine.numbers import compile_integer
from asltool.engine.requests import compile_request
from asltool.engine.scope import Scope
from asltool.engine.states.working import WorkingState
from asltool.engine.steps import Schedule, Step
from asltool.errors import EvaluationError
from asltool.syntax.model import Task

__all__ = ["TaskState", "compile_task"]


class TaskState(WorkingState):
    """A Task ready to run; ``resource`` says which events tell of its work."""

    __slots__ = ("_credentials", "_heartbeat", "_request", "_timeout", "resource", "shows_token")

    kind = "Task"

    def __init__(self, state: Task) -> None:
        super().__init__(state)
        self.resource = state.resource
        self._request = compile_request(self.resource)
        # Recorded for startExecution.sync; that other jobs have a token too is inferred.
        self.shows_token = self.resource.pattern in ("sync", "sync:2", "waitForTaskToken")
        self._credentials = compile_field(state, "Credentials", state.credentials)
        self._timeout = compile_integer("TimeoutSeconds", state.timeout_seconds, state.timeout_seconds_path)
        self._heartbeat = compile_integer(
            "HeartbeatSeconds", state.heartbeat_seconds, state.heartbeat_seconds_path
        )

    def enter(self, frame: Scope) -> Step:
        known = frame.activities
        if known is not None and self.resource.is_activity and self.resource not in known:
            raise EvaluationError("States.Runtime", f"The activity {self.resource} does not exist.")
        arguments = self._flow.arguments(frame)
        return Schedule(
            arguments if self._request is None else self._request(arguments),
            self._timeout(frame),
            self._heartbeat(frame),
            None if self._credentials is None else self._credentials(frame),
        )


compile_task = TaskState
