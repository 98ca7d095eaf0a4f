"""Groups of schedules: create, get, list, delete. The group "default" always exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service.errors import ServiceError, validation
from asltool.service.events.documents import DEFAULT, GROUP, SCHEDULE, listing, only
from asltool.service.events.tags import add_tags
from asltool.service.machines import Body, owner_of
from asltool.service.tagging import forget_tags
from asltool.store.port import StoredDocument

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = [
    "create_schedule_group",
    "delete_schedule_group",
    "find_group",
    "get_schedule_group",
    "list_schedule_groups",
]

_SHOWN = ("Arn", "Name", "State", "CreationDate", "LastModificationDate")


def _arn(name: str, caller: Caller) -> str:
    return caller.arn(f"schedule-group/{name}", "scheduler")


def find_group(service: Service, name: str, caller: Caller) -> Body:
    """Return a group.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    arn = _arn(name, caller)
    found = service.store.get(GROUP, arn)
    if found is None and name == DEFAULT:
        return {"Arn": arn, "Name": name, "State": "ACTIVE"}
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"Schedule group {name} does not exist.")
    return found


def create_schedule_group(service: Service, request: Body, caller: Caller) -> Body:
    """CreateScheduleGroup."""
    name, now = request["Name"], service.clock()
    arn = _arn(name, caller)
    if name == DEFAULT or service.store.get(GROUP, arn) is not None:
        raise ServiceError("ConflictException", f"Schedule group {name} already exists.")
    group = {"Arn": arn, "Name": name, "State": "ACTIVE", "CreationDate": now, "LastModificationDate": now}
    service.store.put(GROUP, arn, group, owner_of(caller), now)
    add_tags(service, arn, request)
    return {"ScheduleGroupArn": arn}


def get_schedule_group(service: Service, request: Body, caller: Caller) -> Body:
    """GetScheduleGroup."""
    return only(find_group(service, request["Name"], caller), _SHOWN)


def list_schedule_groups(service: Service, request: Body, caller: Caller) -> Body:
    """ListScheduleGroups, including the default one."""
    default, prefix = find_group(service, DEFAULT, caller), request.get("NamePrefix", "")
    rows = [StoredDocument(0, default["Arn"], default), *service.store.listed(GROUP, owner_of(caller))]
    rows = [row for row in rows if row.body["Name"].startswith(prefix)]
    now = service.clock()
    return listing("ScheduleGroups", request, rows, now, lambda row: only(row.body, _SHOWN), "MaxResults")


def delete_schedule_group(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteScheduleGroup, with its schedules."""
    group = find_group(service, request["Name"], caller)
    if request["Name"] == DEFAULT:
        # No recording shows this message.
        raise validation("The default schedule group cannot be deleted.")
    for each in service.store.listed(SCHEDULE, group["Arn"]):
        service.store.remove(SCHEDULE, each.key)
        service.timers.changed(SCHEDULE, each.key)
    service.store.remove(GROUP, group["Arn"])
    forget_tags(service, group["Arn"])
    return {}
