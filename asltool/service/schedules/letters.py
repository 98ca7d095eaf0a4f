"""The letters that a firing sends to targets.

Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
"""

from __future__ import annotations

import uuid
from datetime import datetime

from asltool.expr.values import dumps
from asltool.service.events.events import rule_in
from asltool.service.events.letters import Letter, letter_name
from asltool.service.machines import Body
from asltool.syntax.arn import parse_arn
from asltool.triggers.buses import fire, scheduled_event

__all__ = ["of_rule", "of_schedule"]

_NAMESPACE = uuid.UUID("5a3c5f4e-51a5-4f0e-9a53-6d1f5e0c7b21")

_LONGEST_NAME = 45
"""Characters of the name of a rule or a schedule in those of its executions, which have at most 80."""


def of_rule(body: Body, due: datetime) -> list[Letter]:
    """Return the letters of a rule that fires on its schedule."""
    rule = rule_in(body)
    place = parse_arn(rule.arn)
    assert place is not None
    event = scheduled_event(
        rule, event_id=_id(rule.arn, due), time=due, account=place.account, region=place.region
    )
    return [
        Letter(
            letter_name(_first(rule.name, due), rule.arn, each.target.id),
            rule.arn,
            each.target.value,
            each.input,
            due.timestamp(),
        )
        for each in fire(rule, event)
    ]


def of_schedule(body: Body, due: datetime, sent: float) -> Letter:
    """Return the letter of a schedule that fires; its age counts from ``sent``."""
    arn, target = body["Arn"], body["Target"]
    text = target.get("Input") or _notification(arn, due)
    values = {
        "schedule-arn": arn,
        "scheduled-time": _stamp(due),
        "execution-id": _id(arn, due),
        "attempt-number": "1",
    }
    for name, value in values.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return Letter(letter_name(_first(body["Name"], due), arn), arn, target, text, sent)


def _notification(arn: str, due: datetime) -> str:
    """Return the input of a target that does not have its own."""
    place = parse_arn(arn)
    assert place is not None
    return dumps(
        {
            "version": "0",
            "id": _id(arn, due),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "account": place.account,
            "time": _stamp(due),
            "region": place.region,
            "resources": [arn],
            "detail": "{}",
        }
    )


def _id(arn: str, due: datetime) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{arn} {due.isoformat()}"))


def _first(name: str, due: datetime) -> str:
    return f"{name[:_LONGEST_NAME]}_{due.strftime('%Y%m%dT%H%M%SZ')}"


def _stamp(due: datetime) -> str:
    return due.strftime("%Y-%m-%dT%H:%M:%SZ")
