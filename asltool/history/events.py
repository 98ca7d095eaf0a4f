"""Events written: records spelled out as GetExecutionHistory does, payloads as JSON text.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from asltool.expr.values import dumps
from asltool.history.records import Record
from asltool.history.timestamps import iso_time

__all__ = ["events"]

_WHOLE = {"truncated": False}


def events(records: Iterable[Record], first_id: int = 1) -> list[dict[str, Any]]:
    """Spell records out as the service's events, times in ISO 8601 with milliseconds, UTC."""
    return [_event(event_id, *record) for event_id, record in enumerate(records, first_id)]


def _event(event_id: int, kind: str, previous: int, time: float, payload: tuple[Any, ...]) -> dict[str, Any]:
    event = {"timestamp": iso_time(time), "type": kind, "id": event_id, "previousEventId": previous}
    if payload:
        key, details = _DETAILS[kind]
        event[key] = details(*payload)
    return event


def _input(value: Any) -> dict[str, Any]:
    return {"input": dumps(value), "inputDetails": _WHOLE}


def _output(value: Any) -> dict[str, Any]:
    return {"output": dumps(value), "outputDetails": _WHOLE}


def _failure(error: str | None, cause: str | None) -> dict[str, Any]:
    return {key: value for key, value in (("error", error), ("cause", cause)) if value is not None}


def _evaluation_failed(state: str, error: str, cause: str, location: str) -> dict[str, Any]:
    details = {"state": state, **_failure(error, cause)}
    return {**details, "location": location} if location else details


def _started(value: Any, role_arn: str) -> dict[str, Any]:
    return {**_input(value), "roleArn": role_arn}


def _entered(name: str, value: Any) -> dict[str, Any]:
    return {"name": name, **_input(value)}


def _exited(name: str, output: Any, assigned: dict[str, Any] | None = None) -> dict[str, Any]:
    details = {"name": name, **_output(output)}
    if assigned is not None:
        details["assignedVariables"] = {variable: dumps(value) for variable, value in assigned.items()}
        details["assignedVariablesDetails"] = _WHOLE
    return details


def _lambda_scheduled(
    resource: str, value: Any, timeout: int | None = None, credentials: dict[str, Any] | None = None
) -> dict[str, Any]:
    details = {"resource": resource, **_input(value)}
    return details | _limits(timeout, None) | _credentials(credentials)


def _task_scheduled(
    service: str,
    action: str,
    region: str,
    parameters: Any,
    timeout: int | None = None,
    heartbeat: int | None = None,
    credentials: dict[str, Any] | None = None,
) -> dict[str, Any]:
    details = {"resourceType": service, "resource": action, "region": region, "parameters": dumps(parameters)}
    return details | _limits(timeout, heartbeat) | _credentials(credentials)


def _credentials(credentials: dict[str, Any] | None) -> dict[str, Any]:
    return {} if credentials is None else {"taskCredentials": {"roleArn": credentials.get("RoleArn")}}


def _limits(timeout: int | None, heartbeat: int | None) -> dict[str, Any]:
    limits = (("timeoutInSeconds", timeout), ("heartbeatInSeconds", heartbeat))
    return {key: value for key, value in limits if value is not None}


def _activity_scheduled(
    resource: str, value: Any, timeout: int | None, heartbeat: int | None
) -> dict[str, Any]:
    return {"resource": resource, **_input(value), **_limits(timeout, heartbeat)}


def _activity_started(worker: str | None) -> dict[str, Any]:
    return {} if worker is None else {"workerName": worker}


def _task(service: str, action: str) -> dict[str, Any]:
    return {"resourceType": service, "resource": action}


def _task_output(service: str, action: str, output: Any) -> dict[str, Any]:
    return {**_task(service, action), **_output(output)}


def _task_failure(service: str, action: str, error: str | None, cause: str | None) -> dict[str, Any]:
    return {**_task(service, action), **_failure(error, cause)}


_STATES = ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")

_DETAILS: dict[str, tuple[str, Callable[..., dict[str, Any]]]] = {
    "ExecutionStarted": ("executionStartedEventDetails", _started),
    "ExecutionSucceeded": ("executionSucceededEventDetails", _output),
    "ExecutionFailed": ("executionFailedEventDetails", _failure),
    "ExecutionAborted": ("executionAbortedEventDetails", _failure),
    "ExecutionTimedOut": ("executionTimedOutEventDetails", _failure),
    "ExecutionRedriven": ("executionRedrivenEventDetails", lambda count: {"redriveCount": count}),
    "LambdaFunctionScheduled": ("lambdaFunctionScheduledEventDetails", _lambda_scheduled),
    "LambdaFunctionSucceeded": ("lambdaFunctionSucceededEventDetails", _output),
    "LambdaFunctionFailed": ("lambdaFunctionFailedEventDetails", _failure),
    "LambdaFunctionTimedOut": ("lambdaFunctionTimedOutEventDetails", _failure),
    "EvaluationFailed": ("evaluationFailedEventDetails", _evaluation_failed),
    "MapStateStarted": ("mapStateStartedEventDetails", lambda length: {"length": length}),
    "MapRunStarted": ("mapRunStartedEventDetails", lambda arn: {"mapRunArn": arn}),
    "MapRunFailed": ("mapRunFailedEventDetails", _failure),
    "MapRunRedriven": (
        "mapRunRedrivenEventDetails",
        lambda arn, count: {"mapRunArn": arn, "redriveCount": count},
    ),
    **{
        f"MapIteration{what}": (
            f"mapIteration{what}EventDetails",
            lambda name, index: {"name": name, "index": index},
        )
        for what in ("Started", "Succeeded", "Failed", "Aborted")
    },
    "ActivityScheduled": ("activityScheduledEventDetails", _activity_scheduled),
    "ActivityStarted": ("activityStartedEventDetails", _activity_started),
    "ActivitySucceeded": ("activitySucceededEventDetails", _output),
    "ActivityFailed": ("activityFailedEventDetails", _failure),
    "ActivityTimedOut": ("activityTimedOutEventDetails", _failure),
    "TaskScheduled": ("taskScheduledEventDetails", _task_scheduled),
    "TaskStarted": ("taskStartedEventDetails", _task),
    "TaskSubmitted": ("taskSubmittedEventDetails", _task_output),
    "TaskSucceeded": ("taskSucceededEventDetails", _task_output),
    "TaskFailed": ("taskFailedEventDetails", _task_failure),
    "TaskTimedOut": ("taskTimedOutEventDetails", _task_failure),
    **{f"{state}StateEntered": ("stateEnteredEventDetails", _entered) for state in _STATES},
    **{f"{state}StateExited": ("stateExitedEventDetails", _exited) for state in _STATES},
}
