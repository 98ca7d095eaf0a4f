"""One call of a task handler: what it is given, and what its end means as an `Outcome`.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

from __future__ import annotations

import json
import traceback
import uuid
from itertools import dropwhile
from pathlib import Path
from typing import Any

from asltool.engine.effects import CallTask, Failed, Outcome, Succeeded
from asltool.errors import TaskFailed
from asltool.expr.values import dumps
from asltool.integrations.context import TaskContext
from asltool.integrations.functions import function_name
from asltool.integrations.jobs import Job

__all__ = ["context_for", "event_for", "failed", "request_id", "succeeded"]

_HERE = Path(__file__).parent
_NAMESPACE = uuid.UUID("8d3a6f0e-3c57-4a3b-9c0b-6f2f1d1f7c55")


def event_for(value: Any) -> Any:
    """Return a task's input as a copy that the handler may change."""
    return json.loads(dumps(value))


def context_for(job: Job, function_arn: str | None = None) -> TaskContext:
    """Return the handler's second argument; ``function_arn`` is the Resource if it is left out."""
    arn = job.call.resource if function_arn is None else function_arn
    return TaskContext(job, request_id(job.call), function_name(arn), arn)


def succeeded(call: CallTask, result: Any) -> Outcome:
    """Return what this result means; one that is not JSON fails the task, as it fails a Lambda function."""
    try:
        return Succeeded(json.loads(json.dumps(result, allow_nan=False)))
    except (TypeError, ValueError, RecursionError) as problem:
        error = "Runtime.MarshalError"
        return Failed(error, _report(call, error, f"Unable to marshal response: {problem}", []))


def failed(call: CallTask, exception: BaseException) -> Outcome:
    """Return what this exception of a handler means."""
    if isinstance(exception, TaskFailed):
        return Failed(exception.error, exception.cause)
    if isinstance(exception, SystemExit):
        return Failed("Runtime.ExitError", f"Runtime exited: SystemExit({exception.code!r})")
    return Failed(type(exception).__name__, _cause(call, exception))


def request_id(call: CallTask) -> str:
    """Return the id of a request; it is the same when the run is repeated."""
    # Names may hold half a surrogate pair, which has no UTF-8.
    name = f"{call.execution_arn}#{call.task_id}".encode(errors="replace").decode()
    return str(uuid.uuid5(_NAMESPACE, name))


def _cause(call: CallTask, exception: BaseException) -> str:
    resource = call.resource
    if resource.events != "LambdaFunction" and resource.service != "lambda":
        return str(exception)
    frames = traceback.extract_tb(exception.__traceback__)
    own = dropwhile(lambda frame: Path(frame.filename).parent == _HERE, frames)
    # Lambda shows no columns.
    trace = [(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in own]
    return _report(call, type(exception).__name__, str(exception), traceback.format_list(trace))


def _report(call: CallTask, error: str, message: str, trace: list[str]) -> str:
    """Return the cause as the service passes Lambda's report on: without spaces from ``lambda:invoke``."""
    report = {
        "errorMessage": message,
        "errorType": error,
        "requestId": request_id(call),
        "stackTrace": trace,
    }
    return dumps(report) if call.resource.service == "lambda" else json.dumps(report)
