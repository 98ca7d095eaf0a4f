"""Requests for the resources of a template; those of Terraform have the properties of CloudFormation by then.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Events.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.wanted import (
    NOT_KNOWN,
    LeftOut,
    TemplateSpot,
    WantedTrigger,
    is_known,
    role_of,
    target_from,
)

__all__ = ["MAKERS", "Maker", "alias_of", "version_of"]

Maker: TypeAlias = Callable[[str, Body, TemplateSpot, Caller], Iterator[WantedTrigger | LeftOut]]
"""From the name and the properties of a resource to what it wants."""


def _named(kind: Any) -> Maker:
    """Return a function for a kind that has only a name."""

    def make(name: str, given: Body, spot: TemplateSpot, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
        own = given.get("Name", name)
        member = "name" if kind == "activity" else "Name"
        yield _known(WantedTrigger(kind, spot.declared.origin, {member: own}, (), spot))

    return make


def _objects(value: Any) -> list[Body]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _known(wanted: WantedTrigger) -> WantedTrigger | LeftOut:
    """Return what is wanted, unless a part of it is known only after deployment."""
    if is_known(wanted.request) and is_known(wanted.targets):
        return wanted
    return LeftOut.at(wanted.origin, f"a part of it {NOT_KNOWN}", wanted.spot)


def _rule(name: str, given: Body, spot: TemplateSpot, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    """Yield a rule; each target that is unknown is left out alone."""
    names = ("Name", "ScheduleExpression", "State", "Description", "EventBusName")
    request = {"Name": name, **{each: given[each] for each in names if given.get(each) is not None}}
    pattern, origin = given.get("EventPattern"), spot.declared.origin
    if pattern is not None:
        request["EventPattern"] = pattern if isinstance(pattern, str) else json.dumps(pattern)
    targets = []
    for target in _objects(given.get("Targets")):
        made = {**target_from(target, target.get("Arn", ""), caller), "Id": target.get("Id", "")}
        if is_known(made):
            targets.append(made)
        else:
            yield LeftOut.at(f"{origin}.Targets.{made['Id']}", f"a part of it {NOT_KNOWN}", spot)
    yield _known(WantedTrigger("rule", origin, request, tuple(targets), spot))


def _schedule(
    name: str, given: Body, spot: TemplateSpot, caller: Caller
) -> Iterator[WantedTrigger | LeftOut]:
    target = given["Target"] if isinstance(given.get("Target"), dict) else {}
    made = {**target, "RoleArn": role_of(target.get("RoleArn"), caller)}
    if not is_known(made.get("DeadLetterConfig")):
        del made["DeadLetterConfig"]
    yield _known(
        WantedTrigger("schedule", spot.declared.origin, {"Name": name, **given, "Target": made}, (), spot)
    )


def _version(name: str, given: Body, spot: TemplateSpot, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    yield version_of(given.get("StateMachineArn", ""), given.get("Description"), name, spot)


def version_of(machine: str, description: Any, name: str, spot: TemplateSpot) -> WantedTrigger | LeftOut:
    """Return a version of a machine, to which references say ``name`` in place of its number."""
    request = {"stateMachineArn": machine, "description": description}
    return _known(WantedTrigger("version", spot.declared.origin, request, (), spot, f"{machine}:{name}"))


def _alias(name: str, given: Body, spot: TemplateSpot, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    preference, routes = given.get("DeploymentPreference"), given.get("RoutingConfiguration")
    if isinstance(preference, dict):
        routes = [{"StateMachineVersionArn": preference.get("StateMachineVersionArn"), "Weight": 100}]
        reason = "deployment preferences are not applied: all executions use the new version"
        yield LeftOut.at(f"{spot.declared.origin}.DeploymentPreference", reason, spot)
    yield alias_of(given.get("Name", name), given.get("Description"), routes, spot)


def alias_of(name: str, description: Any, routes: Any, spot: TemplateSpot) -> WantedTrigger | LeftOut:
    """Return an alias with the routes of CloudFormation."""
    routing = [
        {"stateMachineVersionArn": each.get("StateMachineVersionArn"), "weight": each.get("Weight")}
        for each in _objects(routes)
    ]
    request = {"name": name, "description": description, "routingConfiguration": routing}
    return _known(WantedTrigger("alias", spot.declared.origin, request, (), spot))


MAKERS: dict[str, Maker] = {
    "AWS::Events::EventBus": _named("event bus"),
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Scheduler::ScheduleGroup": _named("schedule group"),
    "AWS::StepFunctions::Activity": _named("activity"),
    "AWS::StepFunctions::StateMachineAlias": _alias,
    "AWS::StepFunctions::StateMachineVersion": _version,
}
"""By the type of CloudFormation."""
