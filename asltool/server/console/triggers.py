"""What the console shows of triggers: event buses with their rules, recent events, and schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Any

from asltool.errors import PatternError
from asltool.expr.values import loads
from asltool.service.events.documents import BUS, DEFAULT, RULE, SCHEDULE, bus_arn
from asltool.service.events.events import RecentEvent
from asltool.service.schedules.due import moment, schedule_in
from asltool.service.service import Service
from asltool.triggers.buses import EventRule
from asltool.triggers.patterns import Leaves, compile_pattern, leaves_of

__all__ = ["Triggers", "tried"]

_FIRINGS = 5
"""How many firings of a schedule are shown."""

_MATCHES = 3
"""How many events are shown that a rule matches."""


@dataclass(frozen=True)
class Triggers:
    """All triggers of a service, of all accounts and regions. Only `read` needs the service's thread.

    ``buses`` are names by ARN, ``rules`` the document of each rule and what it is compiled to, ``events`` the
    recent events, the newest first, and ``schedules`` documents.
    """

    buses: Mapping[str, str]
    rules: Sequence[tuple[str, Mapping[str, Any], EventRule]]
    events: Sequence[RecentEvent]
    schedules: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, service: Service) -> Triggers:
        """Return the triggers as they are now."""
        buses = {bus_arn(None, service.defaults): DEFAULT}
        buses |= {row.key: row.body["Name"] for row in service.store.listed(BUS)}
        rules = []
        for row in service.store.listed(RULE):
            bus = f"{row.key.partition(':rule/')[0]}:event-bus/{row.body['EventBusName']}"
            buses.setdefault(bus, row.body["EventBusName"])
            compiled = next(each for each in service.events.rules(bus) if each.arn == row.key)
            rules.append((bus, row.body, compiled))
        schedules = [row.body for row in service.store.listed(SCHEDULE)]
        return cls(buses, rules, [*reversed(service.events.recent)], schedules)

    def shown(self) -> dict[str, Any]:
        """Return all of it as JSON; timestamps are seconds since the epoch."""
        leaves = [(each, leaves_of(each.event)) for each in self.events]
        return {
            "buses": [{"arn": arn, "name": name} for arn, name in self.buses.items()],
            "rules": [self._rule(*each, leaves) for each in self.rules],
            "events": [self._event(*each) for each in leaves],
            "schedules": [_schedule(each) for each in self.schedules],
        }

    def explained(self, event_id: str) -> dict[str, Any] | None:
        """Return a recent event, and of each rule of its bus whether it matches and why not."""
        found = next((each for each in self.events if each.event["id"] == event_id), None)
        if found is None:
            return None
        rules = [
            {"name": rule.name, "why": _why_not(rule, found)}
            for bus, _, rule in self.rules
            if bus == found.bus
        ]
        return {"event": found.event, "bus": self.buses.get(found.bus, found.bus), "rules": rules}

    def _rule(
        self, bus: str, body: Mapping[str, Any], rule: EventRule, events: Sequence[tuple[RecentEvent, Leaves]]
    ) -> dict[str, Any]:
        matched = [
            {"id": each.event["id"], "received": each.received}
            for each, leaves in events
            if each.bus == bus and _matches(rule, leaves)
        ]
        return {
            "arn": rule.arn,
            "name": rule.name,
            "bus": self.buses[bus],
            "state": body["State"],
            "pattern": body.get("EventPattern"),
            "schedule": _expression(body) if "ScheduleExpression" in body else None,
            "targets": [target["Arn"] for target in body["Targets"].values()],
            "matches": matched[:_MATCHES],
            "matched": len(matched),
        }

    def _event(self, each: RecentEvent, leaves: Leaves) -> dict[str, Any]:
        names = [rule.name for bus, _, rule in self.rules if bus == each.bus and _matches(rule, leaves)]
        return {
            "id": each.event["id"],
            "bus": self.buses.get(each.bus, each.bus),
            "received": each.received,
            "source": each.event["source"],
            "type": each.event["detail-type"],
            "rules": names,
        }


def _matches(rule: EventRule, leaves: Leaves) -> bool:
    return rule.enabled and rule.pattern is not None and rule.pattern.matches_leaves(leaves)


def _why_not(rule: EventRule, found: RecentEvent) -> str | None:
    if not rule.enabled:
        return "the rule is disabled"
    return (
        "the rule has a schedule, no pattern" if rule.pattern is None else rule.pattern.explain(found.event)
    )


def _schedule(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": body["Name"],
        "group": body["GroupName"],
        "state": body["State"],
        "target": body["Target"]["Arn"],
        "window": body["FlexibleTimeWindow"].get("MaximumWindowInMinutes"),
        **_expression(body),
    }


def _expression(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an expression, its time zone, a sentence that explains it, and its next firings."""
    schedule = schedule_in(body)
    shown = {
        "expression": body["ScheduleExpression"],
        "zone": body.get("ScheduleExpressionTimezone", "UTC"),
        "explained": schedule.explain(),
    }
    if "due" not in body:
        return {**shown, "next": []}
    due, end = body["due"], body.get("EndDate", float("inf"))
    later = (time.timestamp() for time in schedule.firings(moment(due), moment(due)))
    return {**shown, "next": [due, *takewhile(lambda time: time <= end, islice(later, _FIRINGS - 1))]}


def tried(pattern: str, event: str) -> dict[str, Any]:
    """Return whether an event matches a pattern, both JSON text, and ``why`` if it does not.

    ``problem`` says what is wrong with one of the two.
    """
    try:
        compiled = compile_pattern(pattern)
    except PatternError as problem:
        line, column, _ = problem.span
        return {"problem": f"the pattern is not valid, line {line}, column {column}: {problem}"}
    try:
        value = loads(event)
    except ValueError as problem:
        return {"problem": f"the event is not JSON: {problem}"}
    if not isinstance(value, dict):
        return {"problem": "the event has to be a JSON object"}
    why = compiled.explain(value)
    return {"matches": why is None, "why": why}
