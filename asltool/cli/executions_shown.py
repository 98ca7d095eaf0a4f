"""Executions of a store, in text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from asltool.history.summary import failure, summary
from asltool.history.timestamps import iso_time
from asltool.store import ExecutionRow
from asltool.syntax.causes import cause_lines

__all__ = ["described", "line", "name_of", "report", "status_of"]

_NAMES = {
    "arn": "executionArn",
    "machine": "stateMachineArn",
    "version": "stateMachineVersionArn",
    "alias": "stateMachineAliasArn",
    "map_run": "mapRunArn",
    "status": "status",
    "blocked": "blocked",
    "started": "startDate",
    "stopped": "stopDate",
    "redrives": "redriveCount",
    "redriven": "redriveDate",
    "input": "input",
    "output": "output",
    "error": "error",
    "cause": "cause",
}
"""Fields of a row by the names that DescribeExecution has for them."""

_TIMES = ("started", "stopped", "redriven")


def name_of(row: ExecutionRow) -> str:
    """Return the name of an execution, which the ARN of one of an EXPRESS machine has before its id."""
    kind, _, *name = row.arn.split(":")[5:]
    return ":".join(name[:-1] if kind == "express" else name)


def status_of(row: ExecutionRow) -> str:
    """Return the status, or BLOCKED where an execution runs only for the API."""
    return row.status if row.blocked is None or row.status != "RUNNING" else "BLOCKED"


def line(row: ExecutionRow) -> str:
    """Return an execution as one line."""
    why = row.blocked if status_of(row) == "BLOCKED" else failure(row.error, row.cause)
    parts = [iso_time(row.started), f"{status_of(row):<9}", row.arn.split(":", 6)[6], *filter(None, [why])]
    return "  ".join(parts)


def described(row: ExecutionRow, *, whole: bool) -> dict[str, Any]:
    """Return an execution as DescribeExecution names its fields; ``whole``: with its payloads."""
    values = {field: getattr(row, field) for field in _NAMES}
    if not whole:
        del values["input"], values["output"]
    shown = {
        _NAMES[field]: iso_time(value) if field in _TIMES else value
        for field, value in values.items()
        if value is not None
    }
    return {"executionArn": shown.pop("executionArn"), "name": name_of(row), **shown}


def report(row: ExecutionRow, events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the lines that show an execution: what it is, and its events."""
    times = {field: None if (at := getattr(row, field)) is None else iso_time(at) for field in _TIMES}
    fields = {
        "execution": row.arn,
        "status": status_of(row),
        "blocked": row.blocked,
        "started": times["started"],
        "redriven": None if row.redriven is None else f"{times['redriven']}, redrive {row.redrives}",
        "stopped": times["stopped"],
        "input": row.input,
        "output": row.output,
        "error": row.error,
        "cause": None if row.cause is None else "\n".join(cause_lines(row.cause)),
    }
    for name, value in fields.items():
        if value is not None:
            first, *more = value.split("\n")
            yield f"{name:<9}  {first}"
            yield from (" " * 11 + each for each in more)
    yield ""
    width = len(str(len(events)))
    for event in events:
        yield f"{event['id']:>{width}}  {event['timestamp']}  {event['type']}  {summary(event)}".rstrip()
