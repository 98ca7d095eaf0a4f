"""Work that is done elsewhere: how a task is scheduled, and what its outcomes mean for the history.

What ends a task is handed back as a question for the state: the method to ask, and its arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.engine.effects import (
    AskAgain,
    CallTask,
    CancelTask,
    Failed,
    Heartbeat,
    Outcome,
    Started,
    Submitted,
    Succeeded,
)
from asltool.engine.limits import oversize, too_large
from asltool.engine.resources import scheduled, work_event
from asltool.engine.retry import Failure
from asltool.engine.states.task import TaskState
from asltool.engine.steps import Schedule
from asltool.engine.timers import TASK_TIMERS

if TYPE_CHECKING:
    from asltool.engine.frame import Frame
    from asltool.syntax.resource import Resource

__all__ = ["Question", "call", "cancel", "drop", "schedule", "time_out", "told"]

Question = tuple[Any, ...]
"""(what decides: a function of the frame and the rest; the rest)"""


def schedule(frame: Frame, work: Schedule) -> None:
    """Have the work done that a Task asks for."""
    execution, resource = frame.execution, _resource(frame)
    region = execution.identity.region
    frame.record(*scheduled(resource, work, region))
    frame.work = work
    frame.task_id = frame.previous
    execution.tasks[frame.task_id] = frame
    if not resource.is_activity:
        frame.record(*work_event(resource, "Started"))
        _begin_heartbeat(frame)
    if work.timeout_seconds is not None:
        execution.timers.set(frame.number, "task", execution.now + work.timeout_seconds)
    execution.effects.append(call(frame))


def call(frame: Frame) -> CallTask:
    """Return the effect that asks for the frame's work."""
    work, task_id = frame.work, frame.task_id
    assert work is not None
    assert task_id is not None
    return CallTask(
        task_id=task_id,
        state=frame.state.name,
        resource=_resource(frame),
        input=work.input,
        attempt=frame.attempt,
        timeout_seconds=work.timeout_seconds,
        execution_arn=frame.execution.identity.execution_arn,
        token=frame.token if frame.state.shows_token else None,
        credentials=work.credentials,
        submitted=frame.submitted,
        asked_at=frame.execution.now,
    )


def told(frame: Frame, outcome: Outcome) -> Question | None:
    """Note what an outcome says; return what to ask the state if the task has ended."""
    resource = _resource(frame)
    match outcome:
        case Heartbeat():
            _begin_heartbeat(frame)
        case Started(worker):
            frame.record(*work_event(resource, "Started", worker))
            _begin_heartbeat(frame)
        case Submitted(output):
            frame.record(*work_event(resource, "Submitted", output))
            frame.submitted = output
        case AskAgain(seconds):
            frame.execution.timers.set(frame.number, "poll", frame.execution.now + seconds)
        case Succeeded(output) if frame.execution.limits and too_large(output):
            return _failed(frame, oversize(resource.service or resource))
        case Succeeded(output):
            drop(frame)
            frame.record(*work_event(resource, "Succeeded", output))
            return frame.state.resume, output
        case Failed(error, cause):
            return _failed(frame, Failure(error, cause))
    return None


def _failed(frame: Frame, failure: Failure) -> Question:
    drop(frame)
    frame.record(*work_event(_resource(frame), "Failed", failure.error, failure.cause))
    return frame.state.recover, failure


def time_out(frame: Frame, alias: str | None = None) -> Question:
    """End a task whose TimeoutSeconds are over, or, known by another name too, its HeartbeatSeconds."""
    cancel(frame)
    frame.record(*work_event(_resource(frame), "TimedOut", "States.Timeout", None))
    return frame.state.recover, Failure("States.Timeout", alias=alias)


def cancel(frame: Frame) -> None:
    """Have the frame's task or map run stopped, if it waits for one."""
    if frame.task_id is not None:
        frame.execution.effects.append(CancelTask(frame.task_id))
        if frame.work is None:
            frame.note("MapRunAborted")
        drop(frame)


def drop(frame: Frame) -> None:
    """Wait for the frame's task or map run no longer."""
    assert frame.task_id is not None
    del frame.execution.tasks[frame.task_id]
    frame.task_id = frame.work = frame.submitted = None
    for kind in TASK_TIMERS:
        frame.execution.timers.drop(frame.number, kind)


def _begin_heartbeat(frame: Frame) -> None:
    assert frame.work is not None
    seconds = frame.work.heartbeat_seconds
    if seconds is not None:
        frame.execution.timers.set(frame.number, "heartbeat", frame.execution.now + seconds)


def _resource(frame: Frame) -> Resource:
    assert isinstance(frame.state, TaskState)
    return frame.state.resource
