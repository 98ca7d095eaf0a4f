"""Requests and responses of ``states:startExecution``, wherever the execution runs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.effects import CallTask, Failed, Outcome, Succeeded
from asltool.errors import TaskFailed
from asltool.expr.values import dumps, loads
from asltool.integrations.calls import request_id
from asltool.integrations.parameters import check_fields, parameters_of, unusable
from asltool.integrations.sdk_response import sdk_response

__all__ = [
    "NestedExecution",
    "input_text",
    "outcome",
    "parameters",
    "refusal",
    "response",
    "starts_execution",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedExecution:
    """An execution that a task has started. ``machine`` is an ARN, input and output are JSON texts."""

    arn: str
    machine: str
    name: str
    input: str
    started: float
    status: str = "RUNNING"
    stopped: float | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None


def starts_execution(call: CallTask) -> bool:
    """Return whether a task starts an execution."""
    return (call.resource.service, call.resource.name) == ("states", "startExecution")


def parameters(call: CallTask) -> dict[str, Any]:
    """Return the request to StartExecution, limited to its fields."""
    given = parameters_of(call)
    try:
        check_fields(given, ("Input", "Name", "StateMachineArn", "TraceHeader"), ("StateMachineArn",))
    except ValueError as problem:
        raise unusable(given, str(problem)) from None
    return given


def input_text(call: CallTask) -> str:
    """Return the string that the service sends: a string unchanged, anything else as JSON."""
    value = call.input.get("Input")
    if value is None:
        return "{}"
    return value if isinstance(value, str) else dumps(value)


def refusal(call: CallTask, code: str, message: str) -> TaskFailed:
    """Return the failure of a task whose request the service refuses."""
    details = f"Status Code: 400; Error Code: {code}; Request ID: {request_id(call)}; Proxy: null"
    return TaskFailed(f"StepFunctions.{code}Exception", f"{message} (Service: AWSStepFunctions; {details})")


def response(call: CallTask, arn: str, started: float) -> dict[str, Any]:
    """Return the response of StartExecution."""
    sent = f'{{"executionArn":"{arn}","startDate":{started / 1e9:.15f}E9}}'
    headers = {
        "connection": "keep-alive",
        "Content-Length": str(len(sent)),
        "Content-Type": "application/x-amz-json-1.0",
    }
    answer = {"ExecutionArn": arn, "StartDate": _date(started)}
    return {**answer, **sdk_response(call, headers)}


def outcome(nested: NestedExecution, *, as_json: bool) -> Outcome:
    """Return the result of the task that waits for this execution.

    ``as_json``: input and output are JSON instead of text, as for ``.sync:2``.
    """
    if nested.status == "SUCCEEDED":
        return Succeeded(_description(nested, as_json=as_json))
    return Failed("States.TaskFailed", dumps(_description(nested, as_json=as_json)))


def _description(nested: NestedExecution, *, as_json: bool) -> dict[str, Any]:
    """Return the response of DescribeExecution."""
    succeeded = nested.status == "SUCCEEDED"
    fields = {
        "Cause": nested.cause,
        "Error": nested.error,
        "ExecutionArn": nested.arn,
        "Input": loads(nested.input) if as_json else nested.input,
        "InputDetails": {"Included": True},
        "Name": nested.name,
        **(_output(nested.output or "", as_json=as_json) if succeeded else {}),
        "RedriveCount": 0,
        "RedriveStatus": "NOT_REDRIVABLE" if succeeded else "REDRIVABLE",
        "RedriveStatusReason": "Execution is SUCCEEDED and cannot be redriven" if succeeded else None,
        "StartDate": _date(nested.started),
        "StateMachineArn": nested.machine,
        "Status": nested.status,
        "StopDate": None if nested.stopped is None else _date(nested.stopped),
    }
    return {name: value for name, value in fields.items() if value is not None or name in ("Input", "Output")}


def _output(text: str, *, as_json: bool) -> dict[str, Any]:
    return {"Output": loads(text) if as_json else text, "OutputDetails": {"Included": True}}


def _date(seconds: float) -> int:
    """Return a timestamp as task outputs show it: milliseconds since the epoch."""
    return round(seconds * 1000)
