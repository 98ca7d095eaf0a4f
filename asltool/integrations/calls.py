"""One call of a task handler: what it is given, and what its end means as an `Outcome`.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

from __future__ import annotations

import json
import time
import traceback
import uuid
from typing import Any

from asltool.engine.effects import CallTask, Failed, Outcome, Succeeded
from asltool.engine.resources import parse_resource
from asltool.errors import TaskFailed
from asltool.expr.values import dumps
from asltool.integrations.tasks import TaskContext, function_name

__all__ = ["context_for", "event_for", "failed", "succeeded"]

_NAMESPACE = uuid.UUID("8d3a6f0e-3c57-4a3b-9c0b-6f2f1d1f7c55")


def event_for(call: CallTask) -> Any:
    """Return the task's input as a copy that the handler may change."""
    return json.loads(dumps(call.input))


def context_for(call: CallTask) -> TaskContext:
    """Return the handler's second argument. Request ids repeat when the run is repeated."""
    limit = call.timeout_seconds
    until = None if limit is None else time.monotonic() + limit
    return TaskContext(
        aws_request_id=_request_id(call),
        function_name=function_name(call.resource),
        invoked_function_arn=call.resource,
        state=call.state,
        attempt=call.attempt,
        execution_arn=call.execution_arn,
        timeout_seconds=limit,
        _remaining=lambda: None if until is None else until - time.monotonic(),
    )


def succeeded(call: CallTask, result: Any) -> Outcome:
    """Return what this result means; one that is not JSON fails the task, as it fails a Lambda function."""
    try:
        return Succeeded(json.loads(json.dumps(result, allow_nan=False)))
    except (TypeError, ValueError, RecursionError) as problem:
        error = "Runtime.MarshalError"
        return Failed(error, _report(call, error, f"Unable to marshal response: {problem}", []))


def failed(call: CallTask, exception: Exception | SystemExit) -> Outcome:
    """Return what this exception of a handler means."""
    if isinstance(exception, TaskFailed):
        return Failed(exception.error, exception.cause)
    if isinstance(exception, SystemExit):
        return Failed("Runtime.ExitError", f"Runtime exited: SystemExit({exception.code!r})")
    return Failed(type(exception).__name__, _cause(call, exception))


def _cause(call: CallTask, exception: Exception) -> str:
    if parse_resource(call.resource).events != "LambdaFunction":
        return str(exception)
    # The first frame is ours, not the handler's.
    trace = traceback.extract_tb(exception.__traceback__)[1:]
    return _report(call, type(exception).__name__, str(exception), traceback.format_list(trace))


def _report(call: CallTask, error: str, message: str, trace: list[str]) -> str:
    """Return the cause as Lambda writes it."""
    report = {
        "errorMessage": message,
        "errorType": error,
        "requestId": _request_id(call),
        "stackTrace": trace,
    }
    return json.dumps(report)


def _request_id(call: CallTask) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{call.execution_arn}#{call.task_id}"))
