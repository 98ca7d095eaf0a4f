"""A machine in SAM: its ``Events``, and the alias that is published with it.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventsource.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asltool.integrations.declared import Declared
from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.api_events import METHODS
from asltool.service.templates.makers import alias_of, version_of
from asltool.service.templates.wanted import (
    NOT_KNOWN,
    LeftOut,
    TemplateSpot,
    WantedTrigger,
    is_known,
    target_from,
)
from asltool.syntax.wording import expected, quoted

__all__ = ["api_auth", "wanted_by_machine"]

_LONGEST = 64
"""Characters of the name of a rule or a schedule."""

_ALIKE = ("ScheduleExpressionTimezone", "StartDate", "EndDate", "GroupName", "Description", "KmsKeyArn")

_FIELDS = {
    "CloudWatchEvent": {"EventPattern": "Pattern", "Name": "RuleName"},
    "EventBridgeRule": {"EventPattern": "Pattern", "Name": "RuleName"},
    "Schedule": {"ScheduleExpression": "Schedule"},
}


def wanted_by_machine(machine: Declared, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    """Yield what a machine wants."""
    given = machine.properties
    name = given.get("Name", machine.name)
    arn = caller.arn(f"stateMachine:{name if is_known(name) else machine.name}")
    target, alias = arn, given.get("AutoPublishAlias")
    if isinstance(alias, str):
        spot = TemplateSpot(machine, ("AutoPublishAlias",))
        yield version_of(arn, None, machine.name, spot)
        yield alias_of(
            alias, None, [{"StateMachineVersionArn": f"{arn}:{machine.name}", "Weight": 100}], spot
        )
        target = f"{arn}:{alias}" if given.get("UseAliasAsEventTarget") in (True, "true") else arn
    events = given.get("Events") or {}
    if not isinstance(events, dict):
        reason = '"Events" must be an object'
        yield LeftOut.at(f"{machine.origin}.Events", reason, TemplateSpot(machine, ("Events",)))
        return
    for own, event in events.items():
        yield from _event(machine, str(own), event, target, caller)


def _event(
    machine: Declared, name: str, event: Any, arn: str, caller: Caller
) -> Iterator[WantedTrigger | LeftOut]:
    origin = f"{machine.origin}.Events.{name}"
    kind = event.get("Type") if isinstance(event, dict) else None
    spot = TemplateSpot(machine, ("Events", name, "Properties"), _FIELDS.get(str(kind), {}))
    properties = event.get("Properties") if isinstance(event, dict) else None
    given = properties if isinstance(properties, dict) else {}
    if kind == "Api":
        yield _api(machine, given, arn, origin, spot)
        yield from api_auth(origin, given, spot)
    elif str(kind) in _MAKERS:
        unique = f"{machine.name}{name}"[:_LONGEST]
        request, targets = _MAKERS[str(kind)](unique, given, target_from(given, arn, caller))
        known = is_known(request) and is_known(targets)
        wanted_kind: Any = "rule" if targets else "schedule"
        wanted = WantedTrigger(wanted_kind, origin, request, targets, spot)
        yield wanted if known else LeftOut.at(origin, f"a part of it {NOT_KNOWN}", spot)
    else:
        reason = f"SAM has no events of the type {kind} for state machines" if kind else '"Type" is missing'
        yield LeftOut.at(origin, reason + (". use Api" if kind == "HttpApi" else ""), spot)


def _api(
    machine: Declared, given: Body, arn: str, origin: str, spot: TemplateSpot
) -> WantedTrigger | LeftOut:
    api = str(given.get("RestApiId", "ServerlessRestApi"))
    request: Body = {
        "names": [api if is_known(api) else "ServerlessRestApi", machine.name],
        "method": str(given.get("Method", "")).upper(),
        "path": str(given.get("Path", "")),
        "unescape": given.get("UnescapeMappingTemplate") in (True, "true"),
        "stateMachineArn": arn,
    }
    for field, written in (("Method", request["method"]), ("Path", request["path"])):
        if not written or not is_known(written):
            return LeftOut.at(origin, f"{field} is missing, or {NOT_KNOWN}", spot)
        place = TemplateSpot(machine, (*spot.pointer, field))
        if not isinstance(given[field], str):
            return LeftOut.at(origin, f"{field} must be a string", place)
        if field == "Method" and written not in METHODS:
            reason = f"{quoted(given[field])} is not an HTTP method. {expected(written, METHODS)}"
            return LeftOut.at(origin, reason, place)
    return WantedTrigger("api", origin, request, (), spot)


def api_auth(origin: str, given: Body, spot: TemplateSpot) -> Iterator[LeftOut]:
    """Yield the authorization of an API or of one of its methods, which is not applied."""
    auth = given.get("Auth")
    if isinstance(auth, dict) and auth:
        place = TemplateSpot(spot.declared, (*spot.pointer, "Auth"))
        yield LeftOut.at(f"{origin}.Auth", f"authorization is not applied: {', '.join(sorted(auth))}", place)


def _state(given: Mapping[str, Any]) -> str:
    enabled = str(given.get("Enabled", True)).lower() != "false"
    return str(given.get("State") or ("ENABLED" if enabled else "DISABLED"))


def _rule(name: str, given: Mapping[str, Any], target: Body) -> tuple[Body, tuple[Body, ...]]:
    request = {
        "Name": given.get("RuleName", name),
        "EventPattern": json.dumps(given.get("Pattern", {})),
        "State": _state(given),
        **{each: given[each] for each in ("EventBusName", "Description") if each in given},
    }
    return request, (_with_id(target, given, name),)


def _scheduled_rule(name: str, given: Mapping[str, Any], target: Body) -> tuple[Body, tuple[Body, ...]]:
    request = {
        "Name": given.get("Name", name),
        "ScheduleExpression": given.get("Schedule"),
        "State": _state(given),
        **({"Description": given["Description"]} if "Description" in given else {}),
    }
    return request, (_with_id(target, given, name),)


def _with_id(target: Body, given: Mapping[str, Any], name: str) -> Body:
    own = given.get("Target")
    return {"Id": (own if isinstance(own, dict) else {}).get("Id", name), **target}


def _schedule(name: str, given: Mapping[str, Any], target: Body) -> tuple[Body, tuple[Body, ...]]:
    request = {
        "Name": given.get("Name", name),
        "ScheduleExpression": given.get("ScheduleExpression"),
        "State": _state(given),
        "FlexibleTimeWindow": given.get("FlexibleTimeWindow", {"Mode": "OFF"}),
        "Target": target,
        **{each: given[each] for each in _ALIKE if each in given},
    }
    return request, ()


_MAKERS: dict[str, Callable[[str, Mapping[str, Any], Body], tuple[Body, tuple[Body, ...]]]] = {
    "CloudWatchEvent": _rule,
    "EventBridgeRule": _rule,
    "Schedule": _scheduled_rule,
    "ScheduleV2": _schedule,
}
"""By the type of an event: its request, and the targets of a rule."""
