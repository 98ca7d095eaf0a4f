"""Event buses: events, the rules that match them or fire on a schedule, and the targets that get them.

Plain values and functions: the caller stores the rules and makes the deliveries.

Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from asltool.errors import ExpressionError, PatternError, RequestError
from asltool.expr.values import loads
from asltool.triggers.inputs import Delivered, MakeInput, input_of
from asltool.triggers.patterns import Pattern, compile_pattern, leaves_of
from asltool.triggers.schedules import At, Schedule, read_schedule

__all__ = [
    "Delivery",
    "EventRule",
    "EventTarget",
    "Retries",
    "aws_event",
    "deliver",
    "event_of",
    "fire",
    "rule_of",
    "scheduled_event",
    "target_of",
]


_LONGEST_SOURCE = 500
_NOT_A_SCHEDULE = "Parameter ScheduleExpression is not valid."


@dataclass(frozen=True)
class Retries:
    """How often a failed delivery is retried, and for how long (in seconds)."""

    attempts: int = 185
    seconds: int = 86_400


@dataclass(frozen=True)
class EventTarget:
    """A target of a rule. ``value`` is the target as in PutTargets.

    ``dead_letters`` is the ARN of the queue for events that could not be delivered.
    """

    id: str
    arn: str
    retries: Retries
    dead_letters: str | None
    make_input: MakeInput = field(repr=False, compare=False)
    value: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class EventRule:
    """A rule of a bus: with a pattern, a schedule, or both."""

    name: str
    arn: str
    pattern: Pattern | None = None
    schedule: Schedule | None = None
    enabled: bool = True
    targets: tuple[EventTarget, ...] = ()


class Delivery(NamedTuple):
    """One event for one target. ``input`` is text: JSON, unless a template makes something else."""

    rule: EventRule
    target: EventTarget
    input: str


def rule_of(request: Mapping[str, Any], arn: str, targets: tuple[EventTarget, ...] = ()) -> EventRule:
    """Return the rule of a PutRule request. Raises RequestError with the service's message."""
    pattern, schedule = request.get("EventPattern"), request.get("ScheduleExpression")
    if not pattern and not schedule:
        message = "Parameter(s) EventPattern or ScheduleExpression must be specified."
        raise RequestError("ValidationException", message)
    try:
        compiled = compile_pattern(pattern) if pattern else None
        when = read_schedule(schedule) if schedule else None
    except PatternError as problem:
        raise RequestError("InvalidEventPatternException", _in_service_words(problem)) from problem
    except ExpressionError as problem:
        raise RequestError("ValidationException", _NOT_A_SCHEDULE) from problem
    if when and isinstance(when.when, At):
        raise RequestError("ValidationException", _NOT_A_SCHEDULE)
    return EventRule(request["Name"], arn, compiled, when, request.get("State") != "DISABLED", targets)


def _in_service_words(problem: PatternError) -> str:
    """Return the service's message. Its position is how far the service's JSON parser had read."""
    text, read = problem.text or "", problem.read
    cut = len(text) - _LONGEST_SOURCE
    source = f'"{text[:_LONGEST_SOURCE]}"' + (f"[truncated {cut} chars]" if cut > 0 else "")
    line, column = text.count("\n", 0, read) + 1, read - text.rfind("\n", 0, read)
    place = f"[Source: (String){source}; line: {line}, column: {column}]"
    return f"Event pattern is not valid. Reason: {problem.reason}\n at {place}"


def target_of(value: Mapping[str, Any]) -> EventTarget:
    """Return a target, given as in PutTargets. Raises RequestError if its input is not valid."""
    retries = value.get("RetryPolicy", {})
    return EventTarget(
        value["Id"],
        value["Arn"],
        Retries(
            retries.get("MaximumRetryAttempts", Retries.attempts),
            retries.get("MaximumEventAgeInSeconds", Retries.seconds),
        ),
        value.get("DeadLetterConfig", {}).get("Arn"),
        input_of(value),
        value,
    )


def event_of(
    entry: Mapping[str, Any], *, event_id: str, now: datetime, account: str, region: str
) -> dict[str, Any]:
    """Return the event for an entry of PutEvents.

    Args:
        entry: the entry; ``Time`` is a datetime.
        event_id: the event's id, a UUID.
        now: its time if the entry has none.
        account, region: those of the bus.

    Raises:
        RequestError: with the ``ErrorCode`` and ``ErrorMessage`` for this entry in the response.
    """
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            reason = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            raise RequestError("InvalidArgument", reason)
    if entry["Source"].startswith("aws."):
        raise RequestError("NotAuthorizedForSourceException", "Not authorized for the source.")
    try:
        detail = loads(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        raise RequestError("MalformedDetail", "Detail is malformed.")
    return aws_event(
        event_id=event_id,
        detail_type=entry["DetailType"],
        source=entry["Source"],
        account=account,
        time=entry.get("Time") or now,
        region=region,
        resources=list(entry.get("Resources", ())),
        detail=detail,
    )


def scheduled_event(
    rule: EventRule, *, event_id: str, time: datetime, account: str, region: str
) -> dict[str, Any]:
    """Return the event that a rule's schedule sends."""
    return aws_event(
        event_id=event_id,
        detail_type="Scheduled Event",
        source="aws.events",
        account=account,
        time=time,
        region=region,
        resources=[rule.arn],
        detail={},
    )


def aws_event(
    *,
    event_id: str,
    detail_type: str,
    source: str,
    account: str,
    time: datetime,
    region: str,
    resources: list[str],
    detail: dict[str, Any],
) -> dict[str, Any]:
    """Return an event of an AWS service, with the fields in the service's order."""
    return {
        "version": "0",
        "id": event_id,
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": resources,
        "detail": detail,
    }


def deliver(
    event: Mapping[str, Any], rules: Iterable[EventRule], received: str | None = None
) -> list[Delivery]:
    """Return the deliveries of an event to the targets of all enabled rules whose pattern matches.

    Args:
        event: the event, as `event_of` returns it.
        rules: the rules of its bus.
        received: when the bus received it, in ISO 8601; the default is the event's own time.
    """
    leaves = leaves_of(event)
    found: list[Delivery] = []
    for rule in rules:
        if rule.enabled and rule.pattern is not None and rule.pattern.matches_leaves(leaves):
            found += fire(rule, event, received)
    return found


def fire(rule: EventRule, event: Mapping[str, Any], received: str | None = None) -> list[Delivery]:
    """Return the deliveries of an event to the targets of a rule, whether it matches or not."""
    delivered = Delivered(event, rule.name, rule.arn, received or event["time"])
    return [Delivery(rule, target, target.make_input(delivered)) for target in rule.targets]
