"""Aliases of state machines, which route executions to one or two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.service import machines
from asltool.service.arns import ResourceArn, machine_arn
from asltool.service.errors import ServiceError, not_found, validation
from asltool.service.machines import ALIAS, VERSION, Body
from asltool.service.paging import Page, by_key

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = [
    "create_state_machine_alias",
    "delete_state_machine_alias",
    "describe_state_machine_alias",
    "list_state_machine_aliases",
    "update_state_machine_alias",
]

_MOST_ALIASES = 100
"""For each machine."""


def create_state_machine_alias(service: Service, request: Body, caller: Caller) -> Body:
    """CreateStateMachineAlias. A repeated request returns the alias that exists."""
    machine = _check_routes(service, request["routingConfiguration"])
    arn, now = f"{machine}:{request['name']}", service.clock()
    alias = {
        "stateMachineAliasArn": arn,
        "name": request["name"],
        "description": request.get("description"),
        "routingConfiguration": request["routingConfiguration"],
        "creationDate": now,
        "updateDate": now,
    }
    existing = service.store.get(ALIAS, arn)
    if existing is None:
        if len(service.store.listed(ALIAS, machine)) >= _MOST_ALIASES:
            # No recording shows this message.
            message = f"The maximum number of {_MOST_ALIASES} state machine aliases has been reached."
            raise ServiceError("ServiceQuotaExceededException", message)
        service.store.put(ALIAS, arn, alias, machine, now)
    elif any(existing[name] != alias[name] for name in ("description", "routingConfiguration")):
        message = "Failed to create alias because an alias with the same name and a different routing"
        raise ServiceError("ConflictException", f"{message} configuration already exists.")
    return _shown(existing or alias)


def _check_routes(service: Service, routes: list[dict[str, Any]]) -> str:
    """Check a routing configuration, and return the ARN of its machine.

    Raises:
        ServiceError: ValidationException, or ResourceNotFound if a version does not exist.
    """
    arns = [machine_arn(route["stateMachineVersionArn"]) for route in routes]
    received = f"Received: [{', '.join(arn.text for arn in arns)}]"
    if any(arn.version is None for arn in arns):
        raise _bad_routes(f"Routing configuration must contain state machine version ARNs. {received}")
    if len({arn.text for arn in arns}) < len(arns):
        raise _bad_routes(
            f"Routing configuration must contain distinct state machine version ARNs. {received}"
        )
    if len({arn.unqualified for arn in arns}) > 1:
        # No recording shows this message.
        raise _bad_routes(
            f"Routing configuration must contain versions of the same state machine. {received}"
        )
    weights = [route["weight"] for route in routes]
    if sum(weights) != 100:
        raise _bad_routes(f"Sum of routing configuration weights must equal 100. Received: {weights}")
    if any(service.store.get(VERSION, arn.text) is None for arn in arns):
        raise not_found()
    return arns[0].unqualified


def _bad_routes(message: str) -> ServiceError:
    return validation(message, reason="INVALID_ROUTING_CONFIGURATION")


def update_state_machine_alias(service: Service, request: Body, caller: Caller) -> Body:
    """UpdateStateMachineAlias: its description, its routes, or both."""
    arn = machine_arn(request["stateMachineAliasArn"])
    names = ("description", "routingConfiguration")
    changed: Body = {name: request[name] for name in names if name in request}
    if not changed:
        # No recording shows this message.
        message = "Either the description or the routing configuration must be specified"
        raise validation(message, reason="MISSING_REQUIRED_PARAMETER")
    alias = _find(service, arn)
    if (
        "routingConfiguration" in changed
        and _check_routes(service, changed["routingConfiguration"]) != arn.unqualified
    ):
        raise _bad_routes("Routing configuration must contain versions of the state machine of the alias.")
    now = service.clock()
    service.store.put(ALIAS, arn.text, {**alias, **changed, "updateDate": now})
    return {"updateDate": now}


def describe_state_machine_alias(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeStateMachineAlias."""
    alias = _find(service, machine_arn(request["stateMachineAliasArn"]))
    return {name: value for name, value in alias.items() if value is not None}


def list_state_machine_aliases(service: Service, request: Body, caller: Caller) -> Body:
    """ListStateMachineAliases, of a machine or of one of its versions.

    They are listed by name. The documentation says newest first, but a recording has the oldest first.
    """
    arn = machine_arn(request["stateMachineArn"])
    page = Page("stateMachineAliases", str, request, service.clock())
    if machines.find_machine(service, arn.unqualified) is None:
        raise machines.machine_missing(arn.text)
    rows = [
        row
        for row in service.store.listed(ALIAS, arn.unqualified)
        if arn.version is None
        or any(arn.text in route.values() for route in row.body["routingConfiguration"])
    ]
    return page.answer(by_key(rows, page), lambda row: _shown(row.body), lambda row: row.key)


def delete_state_machine_alias(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteStateMachineAlias.

    As with DeleteStateMachine and DeleteStateMachineVersion, a missing alias is not an error.
    """
    service.store.remove(ALIAS, machine_arn(request["stateMachineAliasArn"]).text)
    return {}


def _find(service: Service, arn: ResourceArn) -> Body:
    alias = service.store.get(ALIAS, arn.text)
    if alias is None:
        raise not_found()
    return alias


def _shown(alias: Body) -> Body:
    return {name: alias[name] for name in ("stateMachineAliasArn", "creationDate")}
