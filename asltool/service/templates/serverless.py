"""The ``events`` of a machine in serverless.yml.

Source: https://www.serverless.com/plugins/serverless-step-functions
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from asltool.integrations.declared import Declared
from asltool.integrations.template_document import template_document
from asltool.service.caller import Caller
from asltool.service.machines import Body
from asltool.service.templates.wanted import (
    NOT_KNOWN,
    LeftOut,
    TemplateSpot,
    WantedTrigger,
    is_known,
    target_from,
)
from asltool.syntax.sources.template import SERVERLESS
from asltool.syntax.text import at

__all__ = ["serverless_events"]

_TARGET = {
    "deadLetterConfig": "DeadLetterConfig",
    "input": "Input",
    "inputPath": "InputPath",
    "inputTransformer": "InputTransformer",
    "role": "RoleArn",
}
_FIELDS = {"EventPattern": "event", "Name": "name", "ScheduleExpression": "rate"}
_RULE = {"description": "Description", "eventBusName": "EventBusName"}


def serverless_events(file: str, only: str | None, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    """Yield what the events of the machines in a file want; ``only`` is the name of one machine.

    Raises:
        TasksError: the file has a syntax error.
    """
    document = template_document(file)
    machines = at(document.value, SERVERLESS)
    for name, machine in machines.items() if isinstance(machines, dict) else ():
        if isinstance(machine, dict) and only in (None, name):
            declared = Declared(file, "", str(name), machine, document, (*SERVERLESS, name))
            yield from _events(declared, caller)


def _events(machine: Declared, caller: Caller) -> Iterator[WantedTrigger | LeftOut]:
    events = machine.properties.get("events") or []
    if not isinstance(events, list):
        reason = '"events" must be an array'
        yield LeftOut.at(f"{machine.origin}.events", reason, TemplateSpot(machine, ("events",)))
        return
    arn = caller.arn(f"stateMachine:{machine.name}")
    for number, event in enumerate(events):
        first = next(iter(event.items()), ("", None)) if isinstance(event, dict) else (event, None)
        kind, value = str(first[0]), first[1]
        origin = f"{machine.origin}.events.{number}.{kind}"
        spot = TemplateSpot(machine, ("events", number, kind), _FIELDS)
        given: Any = {"rate": value} if isinstance(value, str) else value
        if reason := _not_served(kind, given):
            yield LeftOut.at(origin, reason, spot)
            continue
        request, targets = _rule(given, _WHEN[kind](given), f"{machine.name}-{number}", arn, caller)
        wanted = WantedTrigger("rule", origin, request, targets, spot)
        known = is_known(request) and is_known(targets)
        yield wanted if known else LeftOut.at(origin, f"a part of it {NOT_KNOWN}", spot)


def _not_served(kind: str, given: Any) -> str:
    if kind not in _WHEN:
        return f"events of this kind ({kind}) are not served"
    if not isinstance(given, dict):
        return f'"{kind}" needs an object'
    method = given.get("method", "eventBus")
    return "" if method == "eventBus" else f"events with the method {method} are not served"


def _rule(given: Body, when: Body, name: str, arn: str, caller: Caller) -> tuple[Body, tuple[Body, ...]]:
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
    return request, ({"Id": name, **target_from(around, arn, caller)},)


def _scheduled(given: Body) -> Body:
    return {"ScheduleExpression": given.get("rate")}


def _matching(given: Body) -> Body:
    return {"EventPattern": json.dumps(given.get("event", {}))}


_WHEN: dict[str, Callable[[Body], Body]] = {
    "cloudwatchEvent": _matching,
    "eventBridge": _matching,
    "schedule": _scheduled,
}
