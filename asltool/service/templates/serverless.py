"""The ``events`` of a machine in serverless.yml.

Source: https://www.serverless.com/plugins/serverless-step-functions
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.wanted import NOT_KNOWN, LeftOut, WantedTrigger, is_known, target_from

__all__ = ["serverless_events"]

_TARGET = {
    "deadLetterConfig": "DeadLetterConfig",
    "input": "Input",
    "inputPath": "InputPath",
    "inputTransformer": "InputTransformer",
    "role": "RoleArn",
}
_RULE = {"description": "Description", "eventBusName": "EventBusName"}


def serverless_events(
    name: str, machine: Mapping[str, Any], file: str, caller: Caller
) -> Iterator[WantedTrigger | LeftOut]:
    """Yield the triggers for the events of a machine; ``name`` is the machine's."""
    events, arn = machine.get("events"), caller.arn(f"stateMachine:{name}")
    for number, event in enumerate(events if isinstance(events, list) else ()):
        kind, value = next(iter(event.items()), ("", None)) if isinstance(event, dict) else (event, None)
        origin = f"{file}#{name}.events.{number}.{kind}"
        given = {"rate": value} if isinstance(value, str) else value
        if kind not in _WHEN or not isinstance(given, dict) or given.get("method", "eventBus") != "eventBus":
            yield LeftOut(origin, f"events of this kind ({kind}) are not served")
            continue
        wanted = _rule(given, _WHEN[kind](given), f"{name}-{number}", arn, origin, caller)
        known = is_known(wanted.request) and is_known(wanted.targets)
        yield wanted if known else LeftOut(origin, f"a part of it {NOT_KNOWN}")


def _rule(given: Body, when: Body, name: str, arn: str, origin: str, caller: Caller) -> WantedTrigger:
    state = "DISABLED" if str(given.get("enabled", True)).lower() == "false" else "ENABLED"
    about = {field: given[own] for own, field in _RULE.items() if own in given}
    request = {
        "Name": given.get("name", name),
        "State": state,
        **about,
        **when,
    }
    around = {field: given[own] for own, field in _TARGET.items() if own in given}
    if isinstance(around.get("InputTransformer"), dict):
        around["InputTransformer"] = {
            key[:1].upper() + key[1:]: value for key, value in around["InputTransformer"].items()
        }
    return WantedTrigger("rule", origin, request, ({"Id": name, **target_from(around, arn, caller)},))


def _scheduled(given: Body) -> Body:
    return {"ScheduleExpression": given.get("rate")}


def _matching(given: Body) -> Body:
    return {"EventPattern": json.dumps(given.get("event", {}))}


_WHEN: dict[str, Callable[[Body], Body]] = {
    "cloudwatchEvent": _matching,
    "eventBridge": _matching,
    "schedule": _scheduled,
}
