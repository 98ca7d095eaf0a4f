"""What ``states:startExecution`` is asked and answers, whoever runs the execution.

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

__all__ = ["Nested", "input_text", "outcome", "parameters", "refusal", "response", "starts_execution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nested:
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
    """Return what StartExecution is asked, in fields that it knows."""
    given = parameters_of(call)
    try:
        check_fields(given, ("Input", "Name", "StateMachineArn", "TraceHeader"), ("StateMachineArn",))
    except ValueError as problem:
        raise unusable(given, str(problem)) from None
    return given


def input_text(call: CallTask) -> str:
    """Return the text that the service sends: a string as it is, anything else as JSON."""
    value = call.input.get("Input")
    if value is None:
        return "{}"
    return value if isinstance(value, str) else dumps(value)


def refusal(call: CallTask, code: str, message: str) -> TaskFailed:
    """Return how a task fails whose request the service refuses."""
    details = f"Status Code: 400; Error Code: {code}; Request ID: {request_id(call)}; Proxy: null"
    return TaskFailed(f"StepFunctions.{code}Exception", f"{message} (Service: AWSStepFunctions; {details})")


def response(call: CallTask, arn: str, started: float) -> dict[str, Any]:
    """Return what StartExecution answers."""
    sent = f'{{"executionArn":"{arn}","startDate":{started / 1e9:.15f}E9}}'
    headers = {
        "connection": "keep-alive",
        "Content-Length": str(len(sent)),
        "Content-Type": "application/x-amz-json-1.0",
    }
    answer = {"ExecutionArn": arn, "StartDate": _date(started)}
    return {**answer, **sdk_response(call, headers)}


def outcome(nested: Nested, *, as_json: bool) -> Outcome:
    """Return what the end of an execution means to the task that waits for it.

    ``as_json``: input and output are no texts, as ``.sync:2`` has it.
    """
    if nested.status == "SUCCEEDED":
        return Succeeded(_description(nested, as_json=as_json))
    return Failed("States.TaskFailed", dumps(_description(nested, as_json=as_json)))


def _description(nested: Nested, *, as_json: bool) -> dict[str, Any]:
    """Return what DescribeExecution answers."""
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
    """Return a moment as task outputs show it: milliseconds since the epoch."""
    return round(seconds * 1000)
