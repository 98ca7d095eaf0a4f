"""What StartExecution and StartSyncExecution share: which machine, which version, which name and input."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.engine.identity import Identity
from asltool.service import machines
from asltool.service.arns import machine_arn
from asltool.service.checks import check_name
from asltool.service.errors import ServiceError
from asltool.service.machines import ALIAS, VERSION, Body
from asltool.service.start import Start
from asltool.syntax.json_faults import json_fault

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["Target", "find_target", "start_of"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a StartExecution names. ``body`` is the machine or the version that runs."""

    body: Body
    version: str | None
    alias: str | None
    test_case: str | None


def find_target(service: Service, text: str) -> Target:
    """Return what an ARN names: a machine, a version, or one of the versions behind an alias.

    ``ARN#TestCase`` names a test case of the mock configuration, as in Step Functions Local.

    Raises:
        ServiceError: InvalidArn, ValidationException, StateMachineDoesNotExist or StateMachineDeleting.
    """
    text, _, test_case = text.partition("#")
    arn = machine_arn(text)
    machine = machines.find_machine(service, arn.unqualified)
    if machine is None:
        raise machines.machine_missing(text)
    machines.not_deleting(machine)
    if not arn.qualifier:
        return Target(machine, None, None, test_case or None)
    alias = None if arn.version is not None else service.store.get(ALIAS, arn.text)
    version_arn = arn.text if alias is None else _drawn(service, alias["routingConfiguration"])
    version = service.store.get(VERSION, version_arn)
    if version is None:
        raise machines.machine_missing(text)
    return Target(version, version_arn, None if alias is None else arn.text, test_case or None)


def _drawn(service: Service, routes: list[dict[str, Any]]) -> str:
    """Return the version that an execution is routed to."""
    weights = [route["weight"] for route in routes]
    drawn: str = service.chance.choices(routes, weights)[0]["stateMachineVersionArn"]
    return drawn


def start_of(service: Service, target: Target, request: Body, *, sync: bool = False) -> Start:
    """Return the execution that a request asks for.

    Raises:
        ServiceError: InvalidName or InvalidExecutionInput.
    """
    name, text = request.get("name"), request.get("input", "{}")
    if name is not None:
        check_name(name)
    _check_input(text)
    body, machine = target.body, machine_arn(target.body["stateMachineArn"])
    express = body["type"] == "EXPRESS"
    identity = Identity(
        name=service.new_id() if name is None else name,
        state_machine=body["name"],
        region=machine.owner.region,
        account=machine.owner.account,
        role=body["roleArn"],
        express=express,
        sync=sync,
        run=service.new_id() if express else "",
    )
    settings = {
        "machine": _settings(service, body),
        "testCase": target.test_case,
        "traceHeader": request.get("traceHeader"),
    }
    return Start(
        identity=identity,
        machine=machine.text,
        definition=body["definition"],
        input=text,
        version=target.version,
        alias=target.alias,
        settings={field: value for field, value in settings.items() if value is not None},
        activities=_activities(service, body),
    )


def _check_input(text: str) -> None:
    fault = "Invalid execution input." if not text.strip() else json_fault(text)
    if fault is not None:
        raise ServiceError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{fault}'")


def _settings(service: Service, body: Body) -> str:
    """Return the hash under which the machine as it is now lies, for DescribeStateMachineForExecution."""
    shown = {**machines.settings(body), "updateDate": body["updateDate"]}
    return service.store.put_definition(json.dumps(shown))


def _activities(service: Service, body: Body) -> list[str] | None:
    """Return the activities that exist, if the machine has any."""
    if not body["activities"]:
        return None
    return [activity.key for activity in service.store.listed("activity")]
