"""Tasks: how they are scheduled, and how their outcomes are recorded in the history.

The events and their details depend on the Resource.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.decisions import ScheduleTask
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
from asltool.engine.frame import Frame
from asltool.engine.limits import SURELY_FITS, oversize, quick_form, too_large
from asltool.engine.progress import Progress
from asltool.engine.resumption import Recover, Resume
from asltool.engine.retry import Failure
from asltool.engine.states.task import TaskState
from asltool.syntax.resource import Resource

__all__ = ["call", "cancel", "hear", "schedule", "time_out"]

_EventArguments = tuple[Any, ...]
"""(event type, *values for its details): the arguments of `Frame.record`"""


def schedule(progress: Progress, frame: Frame, work: ScheduleTask) -> None:
    """Start the work of a Task."""
    state = frame.state
    assert isinstance(state, TaskState)
    resource = state.resource
    frame.record(*_scheduled(resource, work, progress.identity.region))
    progress.wait_for_outcome(frame, work)
    if not resource.is_activity:
        frame.record(*_event(resource, "Started"))
        if work.heartbeat_seconds is not None:
            _begin_heartbeat(progress, frame)
    if work.timeout_seconds is not None:
        progress.set_timer(frame, "task", work.timeout_seconds)
    progress.ask(call(progress, frame))


def call(progress: Progress, frame: Frame) -> CallTask:
    """Return the effect for the frame's work."""
    state, work, task_id = frame.state, frame.work, frame.task_id
    assert isinstance(state, TaskState)
    assert work is not None
    assert task_id is not None
    return CallTask(
        task_id=task_id,
        state=state.name,
        resource=state.resource,
        input=work.input,
        attempt=frame.attempt,
        timeout_seconds=work.timeout_seconds,
        execution_arn=progress.context["Execution"]["Id"],
        token=frame.token if state.shows_token else None,
        credentials=work.credentials,
        submitted=frame.submitted,
        asked_at=progress.now,
    )


def hear(progress: Progress, frame: Frame, outcome: Outcome) -> None:
    """Record an outcome, and continue the frame if the task has ended."""
    state = frame.state
    assert isinstance(state, TaskState)
    resource = state.resource
    match outcome:
        case Heartbeat():
            _begin_heartbeat(progress, frame)
        case Started(worker):
            frame.record(*_event(resource, "Started", worker))
            _begin_heartbeat(progress, frame)
        case Submitted(output):
            frame.record(*_event(resource, "Submitted", output))
            frame.submitted = output
        case AskAgain(seconds):
            progress.set_timer(frame, "poll", seconds)
        case Succeeded(output) if (
            progress.limits and len(quick_form(output, 2)) > SURELY_FITS and too_large(output)
        ):
            _fail(progress, frame, oversize(resource.service or resource))
        case Succeeded(output):
            progress.stop_waiting(frame)
            frame.record(*_event(resource, "Succeeded", output))
            progress.go_on(frame, Resume(output))
        case Failed(error, cause):
            _fail(progress, frame, Failure(error, cause))


def _fail(progress: Progress, frame: Frame, failure: Failure) -> None:
    progress.stop_waiting(frame)
    frame.record(*_event(_resource(frame), "Failed", failure.error, failure.cause))
    progress.go_on(frame, Recover(failure))


def time_out(progress: Progress, frame: Frame, alias: str | None = None) -> None:
    """End a task whose TimeoutSeconds or HeartbeatSeconds have run out; the latter has a second error
    name."""
    cancel(progress, frame)
    frame.record(*_event(_resource(frame), "TimedOut", "States.Timeout", None))
    progress.go_on(frame, Recover(Failure("States.Timeout", alias=alias)))


def cancel(progress: Progress, frame: Frame) -> None:
    """Stop the task or map run that the frame waits for, if any."""
    if frame.task_id is not None:
        progress.ask(CancelTask(frame.task_id))
        if frame.work is None:
            frame.note("MapRunAborted")
        progress.stop_waiting(frame)


def _begin_heartbeat(progress: Progress, frame: Frame) -> None:
    assert frame.work is not None
    seconds = frame.work.heartbeat_seconds
    if seconds is not None:
        progress.set_timer(frame, "heartbeat", seconds)


def _resource(frame: Frame) -> Resource:
    assert isinstance(frame.state, TaskState)
    return frame.state.resource


def _scheduled(resource: Resource, work: ScheduleTask, region: str) -> _EventArguments:
    """Return the event with which work on a Resource is scheduled."""
    limits = (work.timeout_seconds, work.heartbeat_seconds)
    if resource.events == "Task":
        return (
            "TaskScheduled",
            resource.service,
            resource.action,
            region,
            work.input,
            *limits,
            work.credentials,
        )
    if resource.events == "Activity":
        return "ActivityScheduled", str(resource), work.input, *limits
    return "LambdaFunctionScheduled", str(resource), work.input, work.timeout_seconds, work.credentials


def _event(resource: Resource, what: str, *details: Any) -> _EventArguments:
    """Return an event of the work on a Resource: Started, Submitted, Succeeded, Failed or TimedOut."""
    names = (resource.service, resource.action) if resource.events == "Task" else ()
    return resource.events + what, *names, *details
