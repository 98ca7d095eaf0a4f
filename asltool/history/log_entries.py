"""Entries of an execution's log, as the service sends them to CloudWatch Logs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from asltool.history.event_types import EventType, type_of
from asltool.history.records import Records

__all__ = ["LogLevel", "log_entries"]

LogLevel = Literal["ALL", "ERROR", "FATAL", "OFF"]

_DATA = frozenset({"input", "output", "parameters", "assignedVariables"})
"""Fields that ``includeExecutionData`` controls, each with the field that says whether it is complete."""


def log_entries(
    records: Records, execution_arn: str, level: LogLevel, *, data: bool, redrives: int = 0
) -> Iterator[dict[str, Any]]:
    """Yield the log entries of events at a log level: JSON, with timestamps as strings in milliseconds.

    ``data`` is the logging configuration's ``includeExecutionData``.
    """
    for event_id, (kind, previous, time, payload) in enumerate(records.after(0), records.before + 1):
        row = type_of(kind)
        if _logs(row, level):
            yield {
                "id": str(event_id),
                "type": kind,
                "details": _details(row, payload, data=data),
                "previous_event_id": str(previous),
                "event_timestamp": str(round(time * 1000)),
                "execution_arn": execution_arn,
                "redrive_count": str(redrives),
            }


def _logs(row: EventType, level: LogLevel) -> bool:
    """Source: https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html"""
    if level in ("ALL", "OFF"):
        return level == "ALL"
    ends_badly = row.failed or row.phase == "aborted"
    if level == "FATAL":
        return ends_badly and row.subject == "execution"
    return ends_badly or row.name == "FailStateEntered"


def _details(row: EventType, payload: tuple[Any, ...], *, data: bool) -> dict[str, Any]:
    details = row.write(payload, lambda value: value)
    if data:
        return details
    hidden = {name for field in row.fields if field.name in _DATA for name in (field.name, field.beside)}
    return {name: value for name, value in details.items() if name not in hidden}
