"""The service's own events: "Step Functions Execution Status Change".

Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from asltool.errors import StoreError
from asltool.service.arns import execution_arn
from asltool.service.events.documents import bus_arn
from asltool.service.executions import described
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow
from asltool.triggers.buses import aws_event

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["put_status_changes"]

_SOURCE, _DETAIL_TYPE = "aws.states", "Step Functions Execution Status Change"

_MOST = 248 * 1024
"""Bytes of input and output together, escaped, beyond which events leave them out."""

_NAMES = (
    "executionArn",
    "stateMachineArn",
    "name",
    "status",
    "startDate",
    "stopDate",
    "input",
    "output",
    "stateMachineVersionArn",
    "stateMachineAliasArn",
    "redriveCount",
    "redriveDate",
    "redriveStatus",
    "redriveStatusReason",
    "inputDetails",
    "outputDetails",
    "error",
    "cause",
)

_log = logging.getLogger("asltool.events")


def put_status_changes(service: Service, changes: Sequence[ExecutionChange]) -> None:
    """Put an event on the default bus for each STANDARD execution that starts or ends, in the same commit."""
    for row, records in changes:
        changed = records and (row.status != "RUNNING" or not records.before)
        if changed and row.map_run is None and ":express:" not in row.arn:
            _put(service, row)


def _put(service: Service, row: ExecutionRow) -> None:
    arn = execution_arn(row.arn)
    bus = bus_arn(None, arn.owner)
    if not service.events.about(bus, _SOURCE, _DETAIL_TYPE):
        return
    event = aws_event(
        event_id=service.new_id(),
        detail_type=_DETAIL_TYPE,
        source=_SOURCE,
        account=arn.owner.account,
        time=datetime.fromtimestamp(row.started if row.stopped is None else row.stopped, UTC),
        region=arn.owner.region,
        resources=[row.arn],
        detail=_detail(row, service.clock()),
    )
    try:
        service.events.put(event, bus)
    except StoreError:
        raise
    except Exception:
        _log.exception("the event about %s has failed", row.arn)


def _detail(row: ExecutionRow, now: float) -> dict[str, Any]:
    size = len(json.dumps(row.input)) + len(json.dumps(row.output or ""))
    found = described(row, now, data=size <= _MOST) | {"error": row.error, "cause": row.cause}
    for name in ("startDate", "stopDate", "redriveDate"):
        if found.get(name) is not None:
            found[name] = round(found[name] * 1000)
    return {name: found.get(name) for name in _NAMES}
