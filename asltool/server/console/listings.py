"""The console's lists: machines with their counts, executions, and tasks that wait for an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from asltool.engine.effects import CallTask
from asltool.expr.values import dumps
from asltool.integrations.activities import activity_token
from asltool.service.machines import MACHINE, VERSION
from asltool.service.service import Service
from asltool.store.port import ExecutionRow, Filters
from asltool.syntax.causes import first_line

__all__ = ["executions", "inputs", "listed", "machines", "number", "open_tasks", "revisions"]

_LAST = 12
"""How many of a machine's last runs are shown as marks."""

_LOOKED_AT = 200
"""How many executions are looked at for definitions that are no longer current."""

_NUMBER = re.compile(r"-?[0-9]{1,18}")

_PAGE = 50

_SHORT = 20_000
"""Characters of an input that is offered as an example."""


def listed(row: ExecutionRow) -> dict[str, Any]:
    """Return an execution as lists show it; timestamps are seconds since the epoch."""
    return {
        "arn": row.arn,
        "name": row.arn.split(":", 7)[-1],
        "machine": row.machine,
        "status": row.status,
        "blocked": row.blocked,
        "started": row.started,
        "stopped": row.stopped,
        "error": row.error,
        "cause": first_line(row.cause) if row.cause else None,
        "redrives": row.redrives,
        "mapRun": row.map_run,
        "number": row.number,
    }


def machines(service: Service) -> dict[str, Any]:
    """Return all machines, of all accounts and regions, by name."""
    counts = service.store.tally()
    shown = [
        {
            "arn": key,
            "name": body["name"],
            "type": body["type"],
            "status": body["status"],
            "counts": counts.get(key, {}),
            "last": [
                [row.arn, row.status]
                for row in service.store.executions(machine=key, roots=True, limit=_LAST)
            ],
        }
        for _, key, body in service.store.listed(MACHINE)
    ]
    return {"machines": sorted(shown, key=lambda each: str(each["name"]).lower())}


def executions(service: Service, query: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of executions, the newest first.

    ``query`` has filters, and ``after``, the last number of the previous page.

    Raises:
        ValueError: a value is not a number.
    """
    filters: Filters = {
        "machine": query.get("machine") or None,
        "status": query.get("status") or None,
        "text": query.get("text") or None,
        "map_run": query.get("mapRun") or None,
        "roots": None if query.get("mapRun") else True,
    }
    if query.get("since"):
        filters["since"] = float(query["since"])
    if query.get("until"):
        filters["until"] = float(query["until"])
    after = number(query, "after", 0) or None
    rows = service.store.executions(after=after, limit=_PAGE + 1, **filters)
    shown = [listed(row) for row in rows[:_PAGE]]
    return {"executions": shown, "next": rows[_PAGE - 1].number if len(rows) > _PAGE else None}


def number(query: Mapping[str, str], name: str, default: int | None = None) -> int:
    """Return a whole number of a query, which a signed integer of 64 bits can hold.

    Raises:
        ValueError: it is not one, or is missing and has no default.
    """
    text = query.get(name) or ("" if default is None else str(default))
    if not _NUMBER.fullmatch(text):
        raise ValueError(f'"{name}" must be a whole number with at most 18 digits')
    return int(text)


def inputs(service: Service, machine: str) -> dict[str, Any]:
    """Return the latest inputs of a machine, without duplicates."""
    rows = service.store.executions(machine=machine, roots=True, limit=_LAST, whole=True)
    return {"inputs": list(dict.fromkeys(row.input for row in rows if len(row.input) <= _SHORT))}


def revisions(service: Service, machine: str) -> dict[str, Any]:
    """Return versions of a machine, and older definitions that executions were started with; newest first.

    ``ref`` is the ARN of the version, or of the newest execution that ran the definition.
    """
    current = service.store.get(MACHINE, machine) or {}
    versions = service.store.listed(VERSION, machine, newest_first=True)
    shown = [{"ref": each.key, "kind": "version", "since": each.body["creationDate"]} for each in versions]
    seen = {current.get("definition"), *(each.body["definition"] for each in versions)}
    for row in service.store.executions(machine=machine, roots=True, limit=_LOOKED_AT):
        if row.definition not in seen:
            seen.add(row.definition)
            shown.append({"ref": row.arn, "kind": "execution", "since": row.started})
    return {"revisions": shown}


def open_tasks(service: Service, execution: str | None = None) -> list[dict[str, Any]]:
    """Return the tasks that wait for an answer, and those of activities that no worker has taken yet.

    Args:
        execution: the ARN of an execution, to return only its tasks; None: all.
    """
    conductor = service.conductor
    answered = [
        (call, {"token": token})
        for token, call in conductor.tokens.open_tasks()
        if call.waits_for_token or token == activity_token(call)
    ]
    waiting: list[tuple[CallTask, dict[str, str]]] = [(call, {}) for call in conductor.activities.waiting()]
    return [
        {**_task(call), **token}
        for call, token in [*answered, *waiting]
        if execution in (None, call.execution_arn)
    ]


def _task(call: CallTask) -> dict[str, Any]:
    return {
        "execution": call.execution_arn,
        "state": call.state,
        "resource": str(call.resource),
        "input": dumps(call.input),
        "since": call.asked_at,
    }
