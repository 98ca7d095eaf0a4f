"""Executions: start, stop, redrive, describe, list, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.errors import NotRedrivable
from asltool.expr.values import loads
from asltool.history.events import events
from asltool.rules.analysis.variable_references import variable_references
from asltool.service import machines
from asltool.service.arns import execution_arn, machine_arn, read_arn, without_label
from asltool.service.errors import ServiceError, not_found, validation
from asltool.service.executions import (
    described,
    event_shown,
    missing,
    not_redrivable,
    row_shown,
    sync_answer,
)
from asltool.service.machines import Body
from asltool.service.operations.machines import definition_shown
from asltool.service.paging import Page
from asltool.service.starting import begin, find_target, start_of, started
from asltool.service.time import date

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service
    from asltool.store.port import ExecutionRow

__all__ = [
    "describe_execution",
    "describe_state_machine_for_execution",
    "get_execution_history",
    "list_executions",
    "redrive_execution",
    "start_execution",
    "start_sync_execution",
    "stop_execution",
]

_CLIENT_TOKENS, _CLIENT_TOKEN_SECONDS = 10, 15 * 60
"""How many client tokens of RedriveExecution are remembered, and for how long."""


def start_execution(service: Service, request: Body, caller: Caller) -> Body:
    """StartExecution. Name and input of a running STANDARD execution return that execution."""
    row = started(service, request)
    return {"executionArn": row.arn, "startDate": date(row.started)}


async def start_sync_execution(service: Service, request: Body, caller: Caller) -> Body:
    """StartSyncExecution, of EXPRESS machines."""
    target = find_target(service, request["stateMachineArn"])
    if target.body["type"] != "EXPRESS":
        raise _type_not_supported()
    start = start_of(service, target, request, sync=True)
    begin(service, start)
    row = await service.conductor.ended(start.arn)
    return sync_answer(row, start.identity.name, data=_wants_data(request))


def stop_execution(service: Service, request: Body, caller: Caller) -> Body:
    """StopExecution. An execution that has ended does not change."""
    row = _find(service, request["executionArn"])
    return {"stopDate": date(service.conductor.stop(row.arn, request.get("error"), request.get("cause")))}


def redrive_execution(service: Service, request: Body, caller: Caller) -> Body:
    """RedriveExecution. A client token of the last 15 minutes returns the earlier response."""
    without_label(execution_arn(request["executionArn"]))
    row, now, token = _find(service, request["executionArn"]), service.clock(), request.get("clientToken")
    known = (service.store.get("redrives", row.arn) or {}).get("tokens", [])
    tokens = [each for each in known if now - each[1] < _CLIENT_TOKEN_SECONDS]
    for each in tokens:
        if each[0] == token:
            return {"redriveDate": date(each[1])}
    reason = not_redrivable(row, now)
    try:
        redriven = service.conductor.redrive(row.arn) if reason is None else None
    except NotRedrivable as problem:
        reason = str(problem)
    if redriven is None or reason is not None:
        # Measured 2026-09-24.
        raise ServiceError("ExecutionNotRedrivable", f"Execution {row.arn} invalid for redrive as: {reason}")
    if token is not None:
        kept = [*tokens, [token, redriven]][-_CLIENT_TOKENS:]
        service.store.put("redrives", row.arn, {"tokens": kept})
    return {"redriveDate": date(redriven)}


def describe_execution(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeExecution."""
    row = _find(service, request["executionArn"])
    return described(row, service.clock(), data=_wants_data(request))


def describe_state_machine_for_execution(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeStateMachineForExecution: the machine at the start of the execution."""
    row = _find(service, request["executionArn"])
    definition, snapshot = map(service.store.definition, (row.definition, row.settings["machine"]))
    assert definition is not None  # both were stored before the execution started
    assert snapshot is not None
    body = {"definition": row.definition, "variableReferences": variable_references(definition)}
    machine: Any = loads(snapshot)
    found = {"stateMachineArn": row.machine, **machine, **definition_shown(service, body, request)}
    if row.map_run is not None:
        found |= {"mapRunArn": row.map_run, "label": execution_arn(row.arn).label}
    return found


def list_executions(service: Service, request: Body, caller: Caller) -> Body:
    """ListExecutions of a machine, a version, an alias or a map run, the newest first."""
    page = Page("executions", int, request, service.clock())
    wanted = _children(service, request) if "mapRunArn" in request else _of_machine(service, request)
    if "statusFilter" in request:
        wanted["status"] = request["statusFilter"]
    rows = service.store.executions(**wanted, after=page.after, limit=page.size + 1)
    return page.answer(rows, row_shown, lambda row: row.number)


def _of_machine(service: Service, request: Body) -> Body:
    """Return the filter for the executions of a machine, a version or an alias."""
    if "stateMachineArn" not in request:
        message = "Must provide a StateMachine ARN or MapRun ARN"
        raise validation(message, reason="MISSING_REQUIRED_PARAMETER")
    arn = machine_arn(request["stateMachineArn"])
    machine = machines.find_machine(service, arn.unqualified)
    if machine is None:
        raise machines.machine_missing(arn.text)
    if machine["type"] == "EXPRESS":
        raise _type_not_supported()
    # These filters need a map run, as documented; no recording shows the messages.
    if request.get("statusFilter") == "PENDING_REDRIVE":
        raise validation("The status filter PENDING_REDRIVE needs a MapRun ARN")
    if "redriveFilter" in request:
        raise validation("A redrive filter needs a MapRun ARN")
    if not arn.qualifier:
        return {"machine": arn.text}
    return {"alias" if arn.version is None else "version": arn.text}


def _children(service: Service, request: Body) -> Body:
    """Return the filter for the children of a map run."""
    if "stateMachineArn" in request:
        # No recording shows this message.
        raise validation("Must provide either a StateMachine ARN or a MapRun ARN, not both")
    arn = read_arn(request["mapRunArn"], "mapRun").text
    if service.conductor.maps.describe(arn) is None:
        raise not_found()
    wanted: Body = {"map_run": arn}
    if "redriveFilter" in request:
        wanted["redriven"] = request["redriveFilter"] == "REDRIVEN"
    return wanted


def get_execution_history(service: Service, request: Body, caller: Caller) -> Body:
    """GetExecutionHistory, in pages, from either end."""
    row = _find(service, request["executionArn"])
    page = Page("events", int, request, service.clock())
    records, begin = service.conductor.records(row.arn), page.after or 0
    end, step = min(begin + page.size + 1, len(records)), 1
    if request.get("reverseOrder"):
        begin, end, step = len(records) - end, len(records) - begin, -1
    rows = list(enumerate(events(records.part(begin, end))[::step], (page.after or 0) + 1))
    data = request.get("includeExecutionData", True)
    return page.answer(rows, lambda each: event_shown(each[1], row, data=data), lambda each: each[0])


def _find(service: Service, text: str) -> ExecutionRow:
    """Return a STANDARD execution, or a child of a map run.

    Raises:
        ServiceError: InvalidArn or ExecutionDoesNotExist.
    """
    row = service.conductor.describe(execution_arn(text).text)
    if row is None:
        raise missing(text)
    return row


def _wants_data(request: Body) -> bool:
    return bool(request.get("includedData", "ALL_DATA") == "ALL_DATA")


def _type_not_supported() -> ServiceError:
    message = "This operation is not supported by this type of state machine"
    return ServiceError("StateMachineTypeNotSupported", message)
