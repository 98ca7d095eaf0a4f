"""Python functions as an integration: a handler is found by Resource, and called as Lambda would.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

from __future__ import annotations

import json
import traceback
from asyncio import CancelledError
from collections.abc import Mapping
from functools import partial
from itertools import dropwhile
from pathlib import Path
from typing import Any

from asltool.driver.jobs import Job, OnCluster, Work
from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed, TasksError
from asltool.expr.values import dumps
from asltool.integrations.calls import request_id
from asltool.integrations.handler import Handler, TaskContext
from asltool.integrations.lambda_invoke import Invocation, invocation
from asltool.integrations.tasks import Tasks, as_tasks

__all__ = ["Handlers"]

_HERE = Path(__file__).parent

_text = json.JSONEncoder(allow_nan=False).encode


class Handlers:
    """The `Integration` of a `Tasks`, or of functions by name: handlers, and activities for workers.

    A handler is found by the function that ``lambda:invoke`` names, and by the Resource.
    """

    def __init__(self, tasks: Tasks | Mapping[str, Handler]) -> None:
        self._tasks = as_tasks(tasks)
        self._registry = self._tasks.registry
        self.connect = self._tasks.connect

    @property
    def names(self) -> list[str]:
        """The patterns of the handlers."""
        return self._tasks.names

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None

    def find(self, call: CallTask) -> Work | None:
        resource, state = call.resource, call.state
        invoked = invocation(call) if resource.service == "lambda" else None
        found = None if invoked is None else self._registry.find(invoked.arn, state)
        if found is None:
            invoked, found = None, self._registry.find(resource, state)
        if found is not None:
            work = partial(_await if found.is_async else _call, found.handler, invoked)
            return OnCluster(work) if found.where == "cluster" else work
        activity = self._tasks.find_activity(resource)
        return None if activity is None else activity.schedule


def _call(handler: Handler, invoked: Invocation | None, job: Job) -> Any:
    if invoked is not None and invoked.is_dry:
        return invoked.response(job.call, None)
    try:
        result = _json(job, handler(*_arguments(job, invoked)))
    except TasksError:
        raise
    except (Exception, SystemExit, CancelledError) as problem:
        if invoked is None or invoked.is_waited_for:
            raise _failure(job.call, problem) from problem
        result = None
    if invoked is None:
        return result
    return invoked.response(job.call, result, compact=getattr(handler, "compact", False))


async def _await(handler: Handler, invoked: Invocation | None, job: Job) -> Any:
    if invoked is not None and invoked.is_dry:
        return invoked.response(job.call, None)
    try:
        result = _json(job, await handler(*_arguments(job, invoked)))
    except TasksError:
        raise
    except (Exception, SystemExit, CancelledError) as problem:
        if invoked is None or invoked.is_waited_for:
            raise _failure(job.call, problem) from problem
        result = None
    return result if invoked is None else invoked.response(job.call, result)


def _arguments(job: Job, invoked: Invocation | None) -> tuple[Any, TaskContext]:
    """Return the handler's arguments; the event is a copy that it may change.

    For a callback task the return value is the response, so the task is submitted only after the handler
    returns.
    """
    call = job.call
    if not (job.begun or job.waits_for_token):
        job.begin()
    event = call.input if invoked is None else invoked.event(call)
    return json.loads(_text(event)), TaskContext(job, None if invoked is None else invoked.arn)


def _json(job: Job, result: Any) -> Any:
    """Return a result as JSON; a result that is not JSON fails the task, as on Lambda."""
    try:
        return json.loads(_text(result))
    except (TypeError, ValueError, RecursionError) as problem:
        error = "Runtime.MarshalError"
        cause = _report(job.call, error, f"Unable to marshal response: {problem}", [])
        raise TaskFailed(error, cause) from None


def _failure(call: CallTask, problem: BaseException) -> TaskFailed:
    """Return the task failure for a handler's exception."""
    if isinstance(problem, TaskFailed):
        return TaskFailed(problem.error, problem.cause)
    if isinstance(problem, SystemExit):
        return TaskFailed("Runtime.ExitError", f"Runtime exited: SystemExit({problem.code!r})")
    return TaskFailed(type(problem).__name__, _cause(call, problem))


def _cause(call: CallTask, problem: BaseException) -> str:
    resource = call.resource
    if resource.events != "LambdaFunction" and resource.service != "lambda":
        return _message(problem)
    frames = traceback.extract_tb(problem.__traceback__)
    own = dropwhile(lambda frame: Path(frame.filename).parent == _HERE, frames)
    # Lambda shows no columns.
    trace = [(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in own]
    return _report(call, type(problem).__name__, _message(problem), traceback.format_list(trace))


def _message(problem: BaseException) -> str:
    try:
        return str(problem)
    except Exception as other:
        return f"<str() failed with {type(other).__name__}>"


def _report(call: CallTask, error: str, message: str, trace: list[str]) -> str:
    """Return the cause in the service's format: for ``lambda:invoke``, without spaces."""
    report = {
        "errorMessage": message,
        "errorType": error,
        "requestId": request_id(call),
        "stackTrace": trace,
    }
    return dumps(report) if call.resource.service == "lambda" else json.dumps(report)
