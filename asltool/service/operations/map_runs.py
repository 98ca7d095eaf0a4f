"""Map runs: describe, list, update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service.arns import execution_arn, read_arn
from asltool.service.errors import not_found, validation
from asltool.service.executions import missing
from asltool.service.machines import Body
from asltool.service.paging import Page

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["describe_map_run", "list_map_runs", "update_map_run"]

_DESCRIBED = (
    *("mapRunArn", "executionArn", "status", "startDate", "stopDate", "maxConcurrency"),
    *("toleratedFailurePercentage", "toleratedFailureCount", "itemCounts", "executionCounts"),
    *("redriveCount", "redriveDate"),
)
_LISTED = ("executionArn", "mapRunArn", "stateMachineArn", "startDate", "stopDate")


def describe_map_run(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeMapRun."""
    found = _find(service, request["mapRunArn"])
    return {name: found[name] for name in _DESCRIBED if name in found}


def list_map_runs(service: Service, request: Body, caller: Caller) -> Body:
    """ListMapRuns of an execution, the newest first."""
    arn = execution_arn(request["executionArn"]).text
    page = Page("mapRuns", int, request, service.clock())
    if service.conductor.describe(arn) is None:
        raise missing(arn)
    begin = page.after or 0
    rows = list(enumerate(service.conductor.maps.of(arn), 1))[begin : begin + page.size + 1]
    return page.answer(
        rows,
        lambda row: {name: row[1][name] for name in _LISTED if row[1].get(name) is not None},
        lambda row: row[0],
    )


def update_map_run(service: Service, request: Body, caller: Caller) -> Body:
    """UpdateMapRun, while it runs."""
    found = _find(service, request["mapRunArn"])
    if found["status"] != "RUNNING":
        # The reason is in the service's model; no recording shows the message.
        message = f"The Map Run is {found['status']} and cannot be updated"
        raise validation(message, reason="CANNOT_UPDATE_COMPLETED_MAP_RUN")
    changes = {name: value for name, value in request.items() if name != "mapRunArn"}
    service.conductor.maps.update(found["mapRunArn"], changes)
    service.conductor.look_again()
    return {}


def _find(service: Service, text: str) -> Body:
    found = service.conductor.maps.describe(read_arn(text, "mapRun").text)
    if found is None:
        raise not_found()
    return {name: value for name, value in found.items() if value is not None}
