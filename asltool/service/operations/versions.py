"""Versions of state machines: publish, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.service import machines
from asltool.service.arns import invalid_arn, machine_arn
from asltool.service.errors import ServiceError
from asltool.service.machines import ALIAS, VERSION, Body
from asltool.service.paging import Page

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["delete_state_machine_version", "list_state_machine_versions", "publish_state_machine_version"]


def publish_state_machine_version(service: Service, request: Body, caller: Caller) -> Body:
    """PublishStateMachineVersion. A revision has one version; a repeated request returns it."""
    machine = machines.whole_machine(service, request["stateMachineArn"])
    version = machines.publish(service, machine, request.get("description"), request.get("revisionId"))
    return _shown(version)


def list_state_machine_versions(service: Service, request: Body, caller: Caller) -> Body:
    """ListStateMachineVersions, the latest first."""
    arn = machine_arn(request["stateMachineArn"]).text
    page = Page("stateMachineVersions", int, request, service.clock())
    if machines.find_machine(service, arn) is None:
        # The code was measured; the model has no StateMachineDoesNotExist here. The message is not recorded.
        raise invalid_arn(arn)
    rows = service.store.listed(VERSION, arn, after=page.after, limit=page.size + 1, newest_first=True)
    return page.answer(rows, lambda row: _shown(row.body), lambda row: row.cursor)


def delete_state_machine_version(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteStateMachineVersion, unless an alias routes to it. A version that does not exist is not an
    error."""
    arn = machine_arn(request["stateMachineVersionArn"])
    if arn.version is None:
        raise invalid_arn(arn.text)
    names = [
        each.body["name"]
        for each in service.store.listed(ALIAS, arn.unqualified)
        if _routes(each.body, arn.text)
    ]
    if names:
        message = "Version to be deleted must not be referenced by an alias. Current list of aliases"
        raise ServiceError("ConflictException", f"{message} referencing this version: [{', '.join(names)}]")
    service.store.remove(VERSION, arn.text)
    return {}


def _routes(alias: Body, version: str) -> bool:
    return any(route["stateMachineVersionArn"] == version for route in alias["routingConfiguration"])


def _shown(version: Body) -> Body:
    return {name: version[name] for name in ("stateMachineVersionArn", "creationDate")}
