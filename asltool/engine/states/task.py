"""Task: call a service or function, with retries and catchers.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

from __future__ import annotations

from collections.abc import Callable

from asltool.engine.dataflow import compile_field
from asltool.engine.decisions import Decision, ScheduleTask
from asltool.engine.frame_view import FrameView
from asltool.engine.numbers import compile_number
from asltool.engine.requests import compile_request
from asltool.engine.states.working import WorkingState
from asltool.errors import EvaluationError
from asltool.syntax.model import Task

__all__ = ["TaskState"]


class TaskState(WorkingState):
    """A compiled Task; ``resource`` decides the events that record its work."""

    __slots__ = ("_credentials", "_heartbeat", "_request", "_timeout", "resource", "shows_token")

    kind = "Task"

    def __init__(self, state: Task) -> None:
        super().__init__(state)
        self.resource = state.resource
        self._request = compile_request(self.resource)
        # Recorded for startExecution.sync; for other jobs, the token is inferred.
        self.shows_token = self.resource.pattern in ("sync", "sync:2", "waitForTaskToken")
        self._credentials = compile_field(state, "Credentials", state.credentials)
        self._timeout = _compile_seconds("TimeoutSeconds", state.timeout_seconds, state.timeout_seconds_path)
        self._heartbeat = _compile_seconds(
            "HeartbeatSeconds", state.heartbeat_seconds, state.heartbeat_seconds_path
        )

    def enter(self, frame: FrameView) -> Decision:
        known = frame.activities if self.resource.is_activity else None
        if known is not None and self.resource not in known:
            raise EvaluationError("States.Runtime", f"The activity {self.resource} does not exist.")
        arguments = self._arguments(frame)
        return ScheduleTask(
            arguments if self._request is None else self._request(arguments),
            None if self._timeout is None else self._timeout(frame),
            None if self._heartbeat is None else self._heartbeat(frame),
            None if self._credentials is None else self._credentials(frame),
        )


def _compile_seconds(
    field: str, value: float | str | None, path: str | None
) -> Callable[[FrameView], int | None] | None:
    """Compile a time limit; None if the definition has none."""
    return None if value is None and path is None else compile_number(field, value, path)
