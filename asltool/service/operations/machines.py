"""State machines: create, update, describe, list, delete.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.service import configuration, machines
from asltool.service.arns import machine_arn
from asltool.service.checks import check_name
from asltool.service.errors import ServiceError, validation
from asltool.service.machines import MACHINE, Body
from asltool.service.paging import Page, by_key
from asltool.service.tagging import check_tags, put_tags

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = [
    "create_state_machine",
    "delete_state_machine",
    "describe_state_machine",
    "list_state_machines",
    "update_state_machine",
]

_SAME = (
    "definition",
    "type",
    "loggingConfiguration",
    "tracingConfiguration",
    "encryptionConfiguration",
    "made",
)
"""What a repeated CreateStateMachine must agree in. Its role and tags are ignored."""


def create_state_machine(service: Service, request: Body, caller: Caller) -> Body:
    """CreateStateMachine. A repeated request returns the machine that exists."""
    check_name(request["name"])
    configuration.check_role(request["roleArn"])
    check_tags(request.get("tags", []))
    _check_description(request)
    kind = request.get("type", "STANDARD")
    arn, now = caller.arn(f"stateMachine:{request['name']}"), service.clock()
    machine: Body = {
        "stateMachineArn": arn,
        "name": request["name"],
        "type": kind,
        "status": "ACTIVE",
        "roleArn": request["roleArn"],
        "creationDate": now,
        "updateDate": now,
        "revisionId": None,
        "loggingConfiguration": configuration.logging(request.get("loggingConfiguration", {})),
        "tracingConfiguration": configuration.tracing(request.get("tracingConfiguration", {})),
        "encryptionConfiguration": configuration.encryption(request.get("encryptionConfiguration")),
        "made": [request.get("publish", False), request.get("versionDescription")],
        "published": 0,
    }
    machines.check_definition(request["definition"], kind)
    machine |= machines.kept_definition(service, request["definition"], kind)
    existing = machines.find_machine(service, arn)
    if existing is None:
        machine = machines.with_snapshot(service, machine)
        service.store.put(MACHINE, arn, machine, machines.owner_of(caller), now)
        put_tags(service, arn, request.get("tags", []))
    elif any(existing[name] != machine[name] for name in _SAME):
        raise ServiceError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
    else:
        machine = machines.not_deleting(existing)
    response = {"stateMachineArn": arn, "creationDate": machine["creationDate"]}
    if request.get("publish"):
        version = machines.publish(service, machine, request.get("versionDescription"))
        response["stateMachineVersionArn"] = version["stateMachineVersionArn"]
    return response


def _check_description(request: Body) -> None:
    if "versionDescription" in request and not request.get("publish"):
        raise validation("Version description can only be set when publish is true")


def update_state_machine(service: Service, request: Body, caller: Caller) -> Body:
    """UpdateStateMachine. Without changes, the revision stays the same."""
    machine = machines.whole_machine(service, request["stateMachineArn"])
    changed = _changes(service, request, machine)
    _check_description(request)
    now = service.clock()
    if any(machine[name] != value for name, value in changed.items()):
        machine = {**machine, **changed, "updateDate": now, "revisionId": service.new_id()}
        machine = machines.with_snapshot(service, machine)
        service.store.put(MACHINE, machine["stateMachineArn"], machine)
    response = {"updateDate": now}
    if machine["revisionId"] is not None:
        response["revisionId"] = machine["revisionId"]
    if request.get("publish"):
        version = machines.publish(service, machine, request.get("versionDescription"))
        response["stateMachineVersionArn"] = version["stateMachineVersionArn"]
    return response


def _changes(service: Service, request: Body, machine: Body) -> Body:
    """Return the fields that a request sets."""
    names = (
        "definition",
        "roleArn",
        "loggingConfiguration",
        "tracingConfiguration",
        "encryptionConfiguration",
    )
    changed = {name: request[name] for name in names if name in request}
    if not changed:
        raise ServiceError(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration "
            "must be specified",
        )
    if "roleArn" in changed:
        configuration.check_role(changed["roleArn"])
    if "loggingConfiguration" in changed:
        changed["loggingConfiguration"] = configuration.logging(changed["loggingConfiguration"])
    if "tracingConfiguration" in changed:
        changed["tracingConfiguration"] = configuration.tracing(changed["tracingConfiguration"])
    if "encryptionConfiguration" in changed:
        changed["encryptionConfiguration"] = configuration.encryption(changed["encryptionConfiguration"])
    if "definition" in changed:
        machines.check_definition(changed["definition"], machine["type"])
        changed |= machines.kept_definition(service, changed["definition"], machine["type"])
    return changed


def describe_state_machine(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeStateMachine, of a machine or of a version."""
    arn = machine_arn(request["stateMachineArn"])
    body = machines.of_arn(service, arn)
    if body is None:
        raise machines.machine_missing(arn.text)
    described = {
        "stateMachineArn": arn.text,
        "type": body["type"],
        "status": body["status"],
        "creationDate": body["creationDate"],
        **machines.settings(body),
        **definition_shown(service, body, request),
    }
    if body.get("description") is not None:
        described["description"] = body["description"]
    return described


def definition_shown(service: Service, body: Body, request: Body) -> Body:
    """Return a definition with its variable references; ``{}`` if a request wants metadata only."""
    if request.get("includedData") == "METADATA_ONLY":
        return {"definition": "{}"}
    shown = {"definition": service.store.definition(body["definition"])}
    if body["variableReferences"]:
        shown["variableReferences"] = body["variableReferences"]
    return shown


def list_state_machines(service: Service, request: Body, caller: Caller) -> Body:
    """ListStateMachines, by name."""
    page = Page("stateMachines", str, request, service.clock())
    rows = by_key(service.store.listed(MACHINE, machines.owner_of(caller)), page)
    names = ("stateMachineArn", "name", "type", "creationDate")
    return page.answer(rows, lambda row: {name: row.body[name] for name in names}, lambda row: row.key)


def delete_state_machine(service: Service, request: Body, caller: Caller) -> dict[str, Any]:
    """DeleteStateMachine. A machine with running executions is deleted once they have ended."""
    arn = machine_arn(request["stateMachineArn"])
    machine = machines.find_machine(service, arn.text)
    if machine is not None:
        if service.store.executions(machine=arn.text, status="RUNNING", limit=1):
            service.store.put(MACHINE, arn.text, {**machine, "status": "DELETING"})
        else:
            machines.remove_machine(service, arn.text)
    return {}
