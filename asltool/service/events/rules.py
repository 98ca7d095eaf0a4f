"""Rules of event buses: put, delete, enable, disable, describe, list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.errors import RequestError
from asltool.service.errors import ServiceError, validation
from asltool.service.events.documents import (
    DEFAULT,
    RULE,
    find_bus,
    find_rule,
    listing,
    only,
    rule_arn,
)
from asltool.service.events.tags import add_tags
from asltool.service.machines import Body
from asltool.service.schedules.due import with_next
from asltool.service.tagging import forget_tags
from asltool.triggers.buses import rule_of

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["delete_rule", "describe_rule", "disable_rule", "enable_rule", "list_rules", "put_rule"]

_SHOWN = (
    "Name",
    "Arn",
    "EventPattern",
    "State",
    "Description",
    "ScheduleExpression",
    "RoleArn",
    "EventBusName",
)


def put_rule(service: Service, request: Body, caller: Caller) -> Body:
    """PutRule. A rule that exists keeps its targets."""
    bus = find_bus(service, request.get("EventBusName"), caller)
    name = bus.partition("/")[2]
    arn = rule_arn(bus, request["Name"])
    try:
        rule_of(request, arn)
    except RequestError as problem:
        raise ServiceError(problem.code, str(problem)) from problem
    if request.get("ScheduleExpression") and name != DEFAULT:
        raise validation("ScheduleExpression is supported only on the default event bus.")
    now, existing = service.clock(), service.store.get(RULE, arn) or {}
    rule = {
        "State": "ENABLED",
        **only(request, _SHOWN),
        "Arn": arn,
        "EventBusName": name,
        "CreatedBy": existing.get("CreatedBy", caller.account),
        "Targets": existing.get("Targets", {}),
    }
    _keep(service, bus, rule, existing, now)
    if not existing:  # of a rule that exists, PutRule does not change the tags
        add_tags(service, arn, request)
    return {"RuleArn": arn}


def _keep(service: Service, bus: str, rule: Body, existing: Body, now: float) -> None:
    """Store a rule. If its schedule has not changed, its next firing stays the same."""
    same = all(rule.get(name) == existing.get(name) for name in ("ScheduleExpression", "State"))
    if same:
        rule = {**rule, **only(existing, ("due", "at"))}
    elif "ScheduleExpression" in rule:
        rule = with_next(rule, now)
    service.store.put(RULE, rule["Arn"], rule, bus, now)
    service.events.changed(bus)
    service.timers.changed(RULE, rule["Arn"])


def delete_rule(service: Service, request: Body, caller: Caller) -> Body:
    """DeleteRule, for a rule without targets. A rule that does not exist is not an error."""
    bus = find_bus(service, request.get("EventBusName"), caller)
    arn = rule_arn(bus, request["Name"])
    if (service.store.get(RULE, arn) or {}).get("Targets"):
        raise validation("Rule can't be deleted since it has targets.")
    service.store.remove(RULE, arn)
    forget_tags(service, arn)
    service.events.changed(bus)
    service.timers.changed(RULE, arn)
    return {}


def enable_rule(service: Service, request: Body, caller: Caller) -> Body:
    """EnableRule."""
    return _set_state(service, request, caller, "ENABLED")


def disable_rule(service: Service, request: Body, caller: Caller) -> Body:
    """DisableRule."""
    return _set_state(service, request, caller, "DISABLED")


def _set_state(service: Service, request: Body, caller: Caller, state: str) -> Body:
    bus = find_bus(service, request.get("EventBusName"), caller)
    rule = find_rule(service, bus, request["Name"])
    _keep(service, bus, {**rule, "State": state}, rule, service.clock())
    return {}


def describe_rule(service: Service, request: Body, caller: Caller) -> Body:
    """DescribeRule."""
    bus = find_bus(service, request.get("EventBusName"), caller)
    return only(find_rule(service, bus, request["Name"]), (*_SHOWN, "CreatedBy"))


def list_rules(service: Service, request: Body, caller: Caller) -> Body:
    """ListRules of a bus, by name."""
    bus, prefix = find_bus(service, request.get("EventBusName"), caller), request.get("NamePrefix", "")
    rows = [row for row in service.store.listed(RULE, bus) if row.body["Name"].startswith(prefix)]
    return listing("Rules", request, rows, service.clock(), lambda row: only(row.body, _SHOWN))
