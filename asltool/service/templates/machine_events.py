"""The ``Events`` of a machine in SAM.

Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-statemachine-statemachineeventsource.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.wanted import NOT_KNOWN, LeftOut, WantedTrigger, is_known, target_from

__all__ = ["events_of"]

_LONGEST = 64
"""Characters of the name of a rule or a schedule."""

_ALIKE = ("ScheduleExpressionTimezone", "StartDate", "EndDate", "GroupName", "Description", "KmsKeyArn")


def events_of(
    machine: str, properties: Mapping[str, Any], arn: str, file: str, caller: Caller
) -> Iterator[WantedTrigger | LeftOut]:
    """Yield the triggers for the events of a machine; ``properties`` and ``arn`` are the machine's."""
    events = properties.get("Events")
    for name, event in events.items() if isinstance(events, dict) else ():
        origin = f"{file}#{machine}.Events.{name}"
        kind = event.get("Type") if isinstance(event, dict) else None
        make = _MAKERS.get(str(kind))
        if make is None:
            yield LeftOut(origin, f"events of the type {kind} are not served")
            continue
        given = event.get("Properties") or {}
        wanted = make(f"{machine}{name}"[:_LONGEST], given, target_from(given, arn, caller), origin)
        known = is_known(wanted.request) and is_known(wanted.targets)
        yield wanted if known else LeftOut(origin, f"a part of it {NOT_KNOWN}")


def _state(given: Mapping[str, Any]) -> str:
    enabled = str(given.get("Enabled", True)).lower() != "false"
    return str(given.get("State") or ("ENABLED" if enabled else "DISABLED"))


def _rule(name: str, given: Mapping[str, Any], target: Body, origin: str) -> WantedTrigger:
    request = {
        "Name": given.get("RuleName", name),
        "EventPattern": json.dumps(given.get("Pattern", {})),
        "State": _state(given),
        **{each: given[each] for each in ("EventBusName", "Description") if each in given},
    }
    return WantedTrigger("rule", origin, request, (_with_id(target, given, name),))


def _scheduled_rule(name: str, given: Mapping[str, Any], target: Body, origin: str) -> WantedTrigger:
    request = {
        "Name": given.get("Name", name),
        "ScheduleExpression": given.get("Schedule"),
        "State": _state(given),
        **({"Description": given["Description"]} if "Description" in given else {}),
    }
    return WantedTrigger("rule", origin, request, (_with_id(target, given, name),))


def _with_id(target: Body, given: Mapping[str, Any], name: str) -> Body:
    own = given.get("Target")
    return {"Id": (own or {}).get("Id", name), **target}


def _schedule(name: str, given: Mapping[str, Any], target: Body, origin: str) -> WantedTrigger:
    request = {
        "Name": given.get("Name", name),
        "ScheduleExpression": given.get("ScheduleExpression"),
        "State": _state(given),
        "FlexibleTimeWindow": given.get("FlexibleTimeWindow", {"Mode": "OFF"}),
        "Target": target,
        **{each: given[each] for each in _ALIKE if each in given},
    }
    return WantedTrigger("schedule", origin, request)


_MAKERS: dict[str, Callable[[str, Mapping[str, Any], Body, str], WantedTrigger]] = {
    "CloudWatchEvent": _rule,
    "EventBridgeRule": _rule,
    "Schedule": _scheduled_rule,
    "ScheduleV2": _schedule,
}
