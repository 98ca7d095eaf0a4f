"""The common part of StartExecution and StartSyncExecution: the machine, version, name and input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.engine.identity import Identity
from asltool.errors import DefinitionError, ExpressionError, MockError
from asltool.service import machines
from asltool.service.arns import machine_arn
from asltool.service.checks import check_name
from asltool.service.errors import ServiceError, validation
from asltool.service.machines import ALIAS, VERSION, Body
from asltool.service.mock_cases import TEST_CASE
from asltool.service.start import Start
from asltool.store.port import ExecutionRow
from asltool.syntax.json_faults import json_fault

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["StartTarget", "begin", "find_target", "parent_of", "start_of", "started"]

_REUSABLE_AFTER = 90 * 24 * 60 * 60
"""Seconds after its end from which the name of a STANDARD execution can be used again."""

_PARENT = "startedBy"
"""The member of an execution's settings that has the task which started it."""


@dataclass(frozen=True, slots=True)
class StartTarget:
    """The target of a StartExecution. ``body`` is the machine or version that runs."""

    body: Body
    version: str | None
    alias: str | None
    test_case: str


def find_target(service: Service, text: str) -> StartTarget:
    """Return the target of an ARN: a machine, a version, or one of the versions of an alias.

    ``ARN#TestCase`` names a test case of the mock configuration, if there is one.

    Raises:
        ServiceError: InvalidArn, ValidationException, StateMachineDoesNotExist or StateMachineDeleting.
    """
    text, _, test_case = (text, "", "") if service.mock_cases is None else text.partition("#")
    arn = machine_arn(text)
    machine = machines.find_machine(service, arn.unqualified)
    if machine is None:
        raise machines.machine_missing(text)
    machines.not_deleting(machine)
    if not arn.qualifier:
        return StartTarget(machine, None, None, test_case)
    alias = None if arn.version is not None else service.store.get(ALIAS, arn.text)
    version_arn = arn.text if alias is None else _drawn(service, alias["routingConfiguration"])
    version = service.store.get(VERSION, version_arn)
    if version is None:
        raise machines.machine_missing(text)
    return StartTarget(version, version_arn, None if alias is None else arn.text, test_case)


def _drawn(service: Service, routes: list[dict[str, Any]]) -> str:
    """Return the version that an execution is routed to."""
    weights = [route["weight"] for route in routes]
    drawn: str = service.chance.choices(routes, weights)[0]["stateMachineVersionArn"]
    return drawn


def started(service: Service, request: Body, parent: str | None = None) -> ExecutionRow:
    """Start the execution of a request, or return the one that it has already started.

    Args:
        parent: the id of the task that starts it. An execution that it has started is returned even if it has
        ended, because the task repeats its request after a crash.

    Raises:
        ServiceError: see `find_target`, `start_of` and `begin`; ExecutionAlreadyExists.
    """
    start = start_of(service, find_target(service, request["stateMachineArn"]), request, parent=parent)
    existing = None if start.identity.express else service.conductor.describe(start.arn)
    if existing is None or _name_is_free(existing, service.clock()):
        return begin(service, start)
    if parent is not None and existing.settings.get(_PARENT) == parent:
        return existing
    if existing.status != "RUNNING" or existing.input != start.input:
        raise ServiceError("ExecutionAlreadyExists", f"Execution Already Exists: '{start.arn}'")
    return existing


def parent_of(service: Service, row: ExecutionRow) -> str | None:
    """Return the ARN of the execution that has started this one, as a task or as a child of its map run."""
    if row.map_run is not None:
        run = service.conductor.maps.describe(row.map_run) or {}
        return run.get("executionArn")
    return (row.settings.get(_PARENT) or "").rpartition("#")[0] or None


def _name_is_free(row: ExecutionRow, now: float) -> bool:
    return row.stopped is not None and now - row.stopped > _REUSABLE_AFTER


def start_of(
    service: Service, target: StartTarget, request: Body, *, sync: bool = False, parent: str | None = None
) -> Start:
    """Return the execution to start for a request.

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
        "machine": body["snapshot"],
        TEST_CASE: f"{body['name']}#{target.test_case}" if target.test_case else None,
        "traceHeader": request.get("traceHeader"),
        _PARENT: parent,
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


def begin(service: Service, start: Start) -> ExecutionRow:
    """Start an execution.

    Raises:
        ServiceError: ValidationException if its test case cannot be used, InvalidDefinition if asltool cannot
        run a definition that the service could.
    """
    try:
        if service.mock_cases is not None and TEST_CASE in start.settings:
            service.mock_cases.add(start.arn, start.settings[TEST_CASE])
        return service.conductor.start(start)
    except MockError as problem:
        raise validation(str(problem)) from None
    except (DefinitionError, ExpressionError) as problem:
        message = f"Invalid State Machine Definition: '{problem}'"
        raise ServiceError("InvalidDefinition", message) from None


def _check_input(text: str) -> None:
    fault = "Invalid execution input." if not text.strip() else json_fault(text)
    if fault is not None:
        raise ServiceError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{fault}'")


def _activities(service: Service, body: Body) -> list[str] | None:
    """Return the existing activities, if the machine uses any."""
    if not body["activities"]:
        return None
    return [activity.key for activity in service.store.listed("activity")]
