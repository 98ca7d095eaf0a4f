"""Schedules: create, get, update, delete, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.errors import ExpressionError, OptionError
from asltool.service.errors import ServiceError, validation
from asltool.service.events.documents import DEFAULT, GROUP, SCHEDULE, listing, only
from asltool.service.machines import Body, owner_of
from asltool.service.schedules.due import schedule_in, with_next
from asltool.service.schedules.groups import find_group
from asltool.syntax.arn import parse_arn

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["create_schedule", "delete_schedule", "get_schedule", "list_schedules", "update_schedule"]

_OWN = ("due", "at")
_SUMMARY = ("Arn", "Name", "GroupName", "State", "CreationDate", "LastModificationDate")


def _arn(request: Body, caller: Caller) -> str:
    return caller.arn(f"schedule/{request.get('GroupName', DEFAULT)}/{request['Name']}", "scheduler")


def _find(service: Service, request: Body, caller: Caller) -> Body:
    """Return a schedule.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    found = service.store.get(SCHEDULE, _arn(request, caller))
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"Schedule {request['Name']} does not exist.")
    return found


def create_schedule(service: Service, request: Body, caller: Caller) -> Body:
    """CreateSchedule."""
    if service.store.get(SCHEDULE, _arn(request, caller)) is not None:
        raise ServiceError("ConflictException", f"Schedule {request['Name']} already exists.")
    return _put(service, request, caller, service.clock())


def update_schedule(service: Service, request: Body, caller: Caller) -> Body:
    """UpdateSchedule: fields that the request leaves out are reset to their defaults."""
    return _put(service, request, caller, _find(service, request, caller)["CreationDate"])


def _put(service: Service, request: Body, caller: Caller, created: float) -> Body:
    _check(request)
    now, arn = service.clock(), _arn(request, caller)
    group = find_group(service, request.get("GroupName", DEFAULT), caller)
    schedule = {
        "GroupName": DEFAULT,
        "State": "ENABLED",
        "ScheduleExpressionTimezone": "UTC",
        "ActionAfterCompletion": "NONE",
        **{name: value for name, value in request.items() if name != "ClientToken"},
        "Arn": arn,
        "CreationDate": created,
        "LastModificationDate": now,
    }
    service.store.put(SCHEDULE, arn, with_next(schedule, now), group["Arn"], now)
    service.timers.changed(SCHEDULE, arn)
    return {"ScheduleArn": arn}


def _check(request: Body) -> None:
    """Check what the model does not cover. Except for the first, no recording shows the messages.

    Raises:
        ServiceError: ValidationException.
    """
    try:
        schedule_in(request)
    except ExpressionError as problem:
        raise validation(f"Invalid Schedule Expression {request['ScheduleExpression']}.") from problem
    except OptionError as problem:
        zone = request["ScheduleExpressionTimezone"]
        raise validation(f"Invalid ScheduleExpressionTimezone {zone}.") from problem
    window = request["FlexibleTimeWindow"]
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise validation("MaximumWindowInMinutes must be provided if and only if Mode is FLEXIBLE.")
    if request.get("EndDate", float("inf")) < request.get("StartDate", 0):
        raise validation("The EndDate must be after the StartDate.")
    if parse_arn(request["Target"]["Arn"]) is None:
        raise validation(f"Provided Arn is not in correct format: {request['Target']['Arn']}")


def get_schedule(service: Service, request: Body, caller: Caller) -> Body:
    """GetSchedule."""
    found = _find(service, request, caller)
    return {name: value for name, value in found.items() if name not in _OWN}


def delete_schedule(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteSchedule."""
    arn = _find(service, request, caller)["Arn"]
    service.store.remove(SCHEDULE, arn)
    service.timers.changed(SCHEDULE, arn)
    return {}


def list_schedules(service: Service, request: Body, caller: Caller) -> Body:
    """ListSchedules of a group, or of all groups."""
    if "GroupName" in request:
        groups = [find_group(service, request["GroupName"], caller)["Arn"]]
    else:
        own = [row.key for row in service.store.listed(GROUP, owner_of(caller))]
        groups = [find_group(service, DEFAULT, caller)["Arn"], *own]
    prefix, state = request.get("NamePrefix", ""), request.get("State")
    rows = [
        row
        for group in groups
        for row in service.store.listed(SCHEDULE, group)
        if row.body["Name"].startswith(prefix) and state in (None, row.body["State"])
    ]
    return listing(
        "Schedules",
        request,
        rows,
        service.clock(),
        lambda row: {**only(row.body, _SUMMARY), "Target": {"Arn": row.body["Target"]["Arn"]}},
        "MaxResults",
    )
