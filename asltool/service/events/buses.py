"""Event buses: create, describe, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service.errors import ServiceError, validation
from asltool.service.events.documents import BUS, DEFAULT, RULE, bus_arn, find_bus, listing, only
from asltool.service.events.tags import add_tags
from asltool.service.machines import Body, owner_of
from asltool.service.tagging import forget_tags
from asltool.store.port import StoredDocument

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["create_event_bus", "delete_event_bus", "describe_event_bus", "list_event_buses"]

_SHOWN = ("Name", "Arn", "Description", "CreationTime", "LastModifiedTime")


def create_event_bus(service: Service, request: Body, caller: Caller) -> Body:
    """CreateEventBus."""
    name, now = request["Name"], service.clock()
    arn = bus_arn(name, caller)
    if "/" in name:
        raise validation("Event bus name must not contain '/'.")
    if name == DEFAULT or service.store.get(BUS, arn) is not None:
        raise ServiceError("ResourceAlreadyExistsException", f"Event bus {name} already exists.")
    bus = {**request, "Arn": arn, "CreationTime": now, "LastModifiedTime": now}
    service.store.put(BUS, arn, bus, owner_of(caller), now)
    add_tags(service, arn, request)
    return {"EventBusArn": arn, **only(request, ("Description", "KmsKeyIdentifier", "DeadLetterConfig"))}


def describe_event_bus(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeEventBus."""
    arn = find_bus(service, request.get("Name"), caller)
    return only(service.store.get(BUS, arn) or _default(caller), _SHOWN)


def list_event_buses(service: Service, request: Body, caller: Caller) -> Body:
    """ListEventBuses, including the default one."""
    prefix, default = request.get("NamePrefix", ""), _default(caller)
    rows = [StoredDocument(0, default["Arn"], default), *service.store.listed(BUS, owner_of(caller))]
    rows = [row for row in rows if row.body["Name"].startswith(prefix)]
    return listing("EventBuses", request, rows, service.clock(), lambda row: only(row.body, _SHOWN))


def _default(caller: Caller) -> Body:
    return {"Name": DEFAULT, "Arn": bus_arn(DEFAULT, caller)}


def delete_event_bus(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteEventBus. A bus that does not exist is not an error."""
    arn = bus_arn(request["Name"], caller)
    if request["Name"] == DEFAULT:
        raise validation("Cannot delete event bus default.")
    if service.store.listed(RULE, arn, limit=1):
        # No recording shows this message.
        raise validation(f"Event bus {request['Name']} can't be deleted since it has rules.")
    service.store.remove(BUS, arn)
    forget_tags(service, arn)
    return {}
