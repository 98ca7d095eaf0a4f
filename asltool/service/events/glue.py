"""The events of Glue about jobs and crawlers that tasks have run.

Whatever does the tasks, a handler or a server, their results say how a job or a crawler has ended.

Source: https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from asltool.errors import StoreError
from asltool.history.records import FIELDS, Records
from asltool.service.arns import execution_arn
from asltool.service.events.documents import bus_arn
from asltool.store.execution_log import ExecutionChange
from asltool.triggers.buses import aws_event

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["put_glue_changes"]

_ENDS = ("TaskSucceeded", "TaskFailed", "TaskSubmitFailed", "TaskTimedOut")

_JOB, _START, _LOOK = (
    ("glue", "startJobRun.sync"),
    ("aws-sdk:glue", "startCrawler"),
    ("aws-sdk:glue", "getCrawler"),
)

_CRAWLER = "glue crawler"
"""The kind of the documents of crawlers that run, by account, region and name."""

_SEVERITIES = {"SUCCEEDED": "INFO", "STOPPED": "INFO", "TIMEOUT": "WARN"}
_MESSAGES = {
    "SUCCEEDED": "Job run succeeded",
    "STOPPED": "Job run stopped",
    "TIMEOUT": "Job run timed out",
}

_NAMESPACE = uuid.UUID("4f1f7f0e-3b0c-4d5b-8a43-91c3f6c7a0b2")

_log = logging.getLogger("asltool.events")


class _TaskEnd(NamedTuple):
    """How a task has ended: its event's type and payload, what it was asked, when and for whom."""

    kind: str
    payload: tuple[Any, ...]
    asked: dict[str, Any]
    time: float
    owner: Caller
    id: str


def put_glue_changes(service: Service, changes: Sequence[ExecutionChange]) -> None:
    """Put an event on the default bus for each job and crawler that has changed, in the same commit."""
    for row, records in changes:
        if not any(kind in records.tape for kind in _ENDS):
            continue
        for event_id, (kind, previous, time, payload) in enumerate(records, records.before + 1):
            if kind in _ENDS and payload[:2] in (_JOB, _START, _LOOK):
                try:
                    asked = _asked(service.conductor.records(row.arn), previous)
                    owner = execution_arn(row.arn).owner
                    _put(service, _TaskEnd(kind, payload, asked, time, owner, f"{row.arn} {event_id}"))
                except StoreError:
                    raise
                except Exception:
                    _log.exception("the event about a task of %s has failed", row.arn)


def _asked(records: Records, event_id: int) -> dict[str, Any]:
    """Return the parameters of a task, one of whose events has this id."""
    while True:
        at = (event_id - records.before - 1) * FIELDS
        kind, event_id, _, _, payload, _ = records.tape[at : at + FIELDS]
        if kind == "TaskScheduled":
            asked: dict[str, Any] = payload[3]
            return asked


def _put(service: Service, end: _TaskEnd) -> None:
    service_task = end.payload[:2]
    found = _job(end) if service_task == _JOB else _crawler(service, end, starts=service_task == _START)
    if found is None:
        return
    detail_type, detail = found
    event = aws_event(
        event_id=str(uuid.uuid5(_NAMESPACE, end.id)),
        detail_type=detail_type,
        source="aws.glue",
        account=end.owner.account,
        time=datetime.fromtimestamp(end.time, UTC),
        region=end.owner.region,
        resources=[],
        detail=detail,
    )
    service.events.put(event, bus_arn(None, end.owner))


def _job(end: _TaskEnd) -> tuple[str, dict[str, Any]] | None:
    """Return what an event says of a job run; None if Glue has refused to start it."""
    if end.kind == "TaskSucceeded":
        run, cause = end.payload[2], None
    else:
        _, _, error, cause = end.payload
        if str(error).startswith("Glue."):
            return None
        run = _object(cause)
    run = run if isinstance(run, dict) else {}
    usual = {"TaskSucceeded": "SUCCEEDED", "TaskTimedOut": "STOPPED"}.get(end.kind, "FAILED")
    state = run.get("JobRunState", usual)
    return "Glue Job State Change", {
        "jobName": run.get("JobName", end.asked.get("JobName")),
        "severity": _SEVERITIES.get(state, "ERROR"),
        "state": state,
        "jobRunId": run.get("Id") or run.get("JobRunId") or f"jr_{uuid.uuid5(_NAMESPACE, end.id).hex}",
        "message": _MESSAGES.get(state) or run.get("ErrorMessage") or cause or "",
    }


def _object(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except ValueError:
        return None


def _crawler(service: Service, end: _TaskEnd, *, starts: bool) -> tuple[str, dict[str, Any]] | None:
    """Return what an event says of a crawler that has begun, or that is seen to have ended."""
    name = end.asked.get("Name", "")
    key = f"{end.owner.account}:{end.owner.region}:{name}"
    running = service.store.get(_CRAWLER, key)
    if end.kind != "TaskSucceeded":
        return None
    if starts:
        service.store.put(_CRAWLER, key, {"started": end.time})
        change = {"state": "Started", "message": "Crawler Started", "startTime": _stamp(end.time)}
    else:
        crawler = end.payload[2].get("Crawler", {})
        if running is None or crawler.get("State") != "READY":
            return None
        service.store.remove(_CRAWLER, key)
        change = _crawled(crawler.get("LastCrawl", {}), end.time, running["started"])
    about = {"accountId": end.owner.account, "crawlerName": name}
    return ("Glue Crawler State Change", {**about, **change}) if change else None


def _crawled(last: Mapping[str, Any], ended: float, started: float) -> dict[str, str]:
    """Return how a crawl has ended; Glue has no event about one that was cancelled."""
    status = last.get("Status", "SUCCEEDED")
    if status == "FAILED":
        return {"state": "Failed", "message": "Crawler Failed", "errorMessage": last.get("ErrorMessage", "")}
    if status != "SUCCEEDED":
        return {}
    return {
        "state": "Succeeded",
        "message": "Crawler Succeeded",
        "completionDate": _stamp(ended),
        "runningTime (sec)": str(round(ended - started)),
        "warningMessage": "N/A",
    }


def _stamp(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
