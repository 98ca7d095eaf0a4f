"""The API's descriptions of an execution, made from its row in the store.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from asltool.history.timestamps import seconds_of
from asltool.service.arns import execution_arn
from asltool.service.children import CHILD
from asltool.service.errors import ServiceError
from asltool.service.machines import Body
from asltool.service.time import date
from asltool.store.port import ExecutionRow

__all__ = ["described", "event_shown", "missing", "not_redrivable", "row_shown", "sync_answer"]

_DAY = 24 * 60 * 60
_REDRIVABLE_FOR = 14 * _DAY
_LONGEST = 365 * _DAY
_BILLED_STEP, _BILLED_MEMORY = 100, 64
"""Milliseconds and MB: what EXPRESS executions are billed by."""

_DATA = ("assignedVariables", "input", "output", "parameters")
"""The event fields with execution data; errors and causes are not included."""


def missing(arn: str) -> ServiceError:
    """Return the error about an execution that does not exist."""
    return ServiceError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")


def row_shown(row: ExecutionRow) -> Body:
    """Return an execution as ListExecutions shows it."""
    arn = execution_arn(row.arn)
    shown = {
        "executionArn": row.arn,
        "stateMachineArn": row.machine,
        "name": arn.qualifier,
        "status": row.status,
        "startDate": date(row.started),
        "stopDate": date(row.stopped),
        "mapRunArn": row.map_run,
        "itemCount": row.settings.get(CHILD, (None, None))[1],
        "stateMachineVersionArn": row.version,
        "stateMachineAliasArn": row.alias,
        "redriveCount": row.redrives,
        "redriveDate": date(row.redriven),
    }
    return {name: value for name, value in shown.items() if value is not None}


def described(row: ExecutionRow, now: float, *, data: bool) -> Body:
    """Return DescribeExecution's response; ``data``: include input, output, error and cause."""
    shown = row_shown(row)
    shown.pop("itemCount", None)
    shown |= _data(row, shown=data)
    if row.output is not None:
        shown["outputDetails"] = {"included": data}
    if "traceHeader" in row.settings:
        shown["traceHeader"] = row.settings["traceHeader"]
    reason = not_redrivable(row, now)
    if reason is not None:
        return {**shown, "redriveStatus": "NOT_REDRIVABLE", "redriveStatusReason": reason}
    return {**shown, "redriveStatus": "REDRIVABLE_BY_MAP_RUN" if row.map_run else "REDRIVABLE"}


def _data(row: ExecutionRow, *, shown: bool) -> Body:
    found = {"input": row.input, "output": row.output, "error": row.error, "cause": row.cause}
    kept = {name: value for name, value in found.items() if value is not None} if shown else {}
    return {**kept, "inputDetails": {"included": shown}}


def not_redrivable(row: ExecutionRow, now: float) -> str | None:
    """Return why an execution cannot be redriven, in the words of ``redriveStatusReason``."""
    if row.status not in ("ABORTED", "FAILED", "TIMED_OUT"):
        return f"Execution is {row.status} and cannot be redriven"
    if row.stopped is not None and now - row.stopped > _REDRIVABLE_FOR:
        return "Execution redrivable period exceeded"
    if now - row.started > _LONGEST:
        return "Execution has exceeded the max execution time"
    if "maximum number of history events" in (row.cause or ""):
        return "Execution history event limit exceeded"
    return None


def sync_answer(row: ExecutionRow, name: str, *, data: bool) -> Body:
    """Return StartSyncExecution's response."""
    assert row.stopped is not None
    steps = math.ceil((row.stopped - row.started) * 1000 / _BILLED_STEP)
    answer: Body = {
        "executionArn": row.arn,
        "stateMachineArn": row.machine,
        "name": name,
        "startDate": date(row.started),
        "stopDate": date(row.stopped),
        "status": row.status,
        "billingDetails": {
            "billedDurationInMilliseconds": max(steps, 1) * _BILLED_STEP,
            "billedMemoryUsedInMB": _BILLED_MEMORY,
        },
        **_data(row, shown=data),
        "outputDetails": {"included": data},
    }
    if "traceHeader" in row.settings:
        answer["traceHeader"] = row.settings["traceHeader"]
    return answer


def event_shown(event: Mapping[str, Any], row: ExecutionRow, *, data: bool) -> Body:
    """Return an event as GetExecutionHistory shows it: with its timestamp in seconds, and the version."""
    shown = {**event, "timestamp": seconds_of(event["timestamp"])}
    if event["type"] == "ExecutionStarted":
        arns = {"stateMachineAliasArn": row.alias, "stateMachineVersionArn": row.version}
        known = {name: arn for name, arn in arns.items() if arn is not None}
        shown["executionStartedEventDetails"] = {**event["executionStartedEventDetails"], **known}
    if data:
        return shown
    details = next((name for name in shown if name.endswith("EventDetails")), None)
    if details is not None:
        shown[details] = {name: value for name, value in shown[details].items() if name not in _DATA}
    return shown
