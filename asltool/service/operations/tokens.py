"""Tasks that are done outside: by workers of activities, and by holders of task tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from asltool.errors import CallbackError, InvalidToken
from asltool.expr.values import loads
from asltool.service.errors import ServiceError
from asltool.service.machines import Body
from asltool.service.operations.activities import find_activity
from asltool.syntax.json_faults import json_fault

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["get_activity_task", "send_task_failure", "send_task_heartbeat", "send_task_success"]


async def get_activity_task(service: Service, request: Body, caller: Caller) -> Body:
    """GetActivityTask: wait for a task; the token is null if none comes."""
    activity = find_activity(service, request["activityArn"])
    arn, worker = activity["activityArn"], request.get("workerName")
    task = await service.conductor.poll(arn, worker, service.poll_seconds)
    return {"taskToken": None} if task is None else {"taskToken": task.token, "input": task.input}


def send_task_success(service: Service, request: Body, caller: Caller) -> Body:
    """SendTaskSuccess, with an output that is JSON."""
    fault = json_fault(request["output"])
    if fault is not None:
        raise ServiceError("InvalidOutput", f"Invalid Output: '{fault}'")
    with _refusals():
        service.conductor.succeed(request["taskToken"], loads(request["output"]))
    return {}


def send_task_failure(service: Service, request: Body, caller: Caller) -> Body:
    """SendTaskFailure."""
    with _refusals():
        service.conductor.fail(request["taskToken"], request.get("error"), request.get("cause"))
    return {}


def send_task_heartbeat(service: Service, request: Body, caller: Caller) -> Body:
    """SendTaskHeartbeat."""
    with _refusals():
        service.conductor.heartbeat(request["taskToken"])
    return {}


@contextmanager
def _refusals() -> Iterator[None]:
    """Reject tokens that were never issued, or whose task has ended."""
    try:
        yield
    except InvalidToken:
        raise ServiceError("InvalidToken", "Invalid Token: 'Invalid token'") from None
    except CallbackError:
        message = "Task Timed Out: 'Provided task does not exist anymore'"
        raise ServiceError("TaskTimedOut", message) from None
