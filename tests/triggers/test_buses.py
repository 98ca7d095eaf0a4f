"""Buses: what an event brings to the targets of rules."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from asltool.errors import RequestError
from asltool.triggers.buses import (
    EventRule,
    Retries,
    deliver,
    event_of,
    fire,
    rule_of,
    scheduled_event,
    target_of,
)
from asltool.triggers.patterns import pattern_of
from asltool.triggers.schedules import read_schedule

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "triggers" / "buses.yaml").read_text("utf-8"))
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE: Any = {"event_id": "7bf73129", "now": NOON, "account": "123456789012", "region": "us-east-1"}
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:Orders"


def rule(*targets: dict[str, Any], name: str = "orders", **fields: Any) -> EventRule:
    arn = f"arn:aws:events:us-east-1:123456789012:rule/{name}"
    given = ({"Id": str(number), "Arn": MACHINE, **each} for number, each in enumerate(targets, 1))
    return EventRule(name, arn, targets=tuple(map(target_of, given)), **fields)


@pytest.mark.parametrize("name", CASES["inputs"])
def test_the_input_of_a_target(name: str) -> None:
    case = CASES["inputs"][name]
    [delivery] = fire(rule(case["target"]), CASES["event"], "2026-03-01T08:00:01Z")
    assert delivery.input == case["input"]


@pytest.mark.parametrize(("target", "message"), CASES["refused"], ids=str)
def test_a_target_that_is_refused(target: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError) as caught:
        rule(target)
    assert (caught.value.code, str(caught.value)) == ("ValidationException", message)


def test_too_many_variables_are_refused() -> None:
    paths = {f"v{number}": "$.id" for number in range(101)}
    with pytest.raises(RequestError, match="InputPathsMap for target 1 has more than 100 entries"):
        rule({"InputTransformer": {"InputPathsMap": paths, "InputTemplate": "<v1>"}})


def test_an_event_reaches_the_targets_of_the_enabled_rules_that_match() -> None:
    placed = pattern_of({"detail-type": ["Order Placed"]})
    rules = [
        rule({"InputPath": "$.id"}, {"Input": "1"}, name="both", pattern=placed),
        rule({}, name="off", pattern=placed, enabled=False),
        rule({}, name="other", pattern=pattern_of({"source": ["aws.s3"]})),
        rule({}, name="schedule", schedule=read_schedule("rate(1 day)")),
    ]
    found = deliver(CASES["event"], rules)
    assert [(each.rule.name, each.target.id, each.input) for each in found] == [
        ("both", "1", '"7bf73129-1428-4cd3-a780-95db273d1602"'),
        ("both", "2", "1"),
    ]


def test_the_retries_and_dead_letters_of_a_target() -> None:
    queue = "arn:aws:sqs:us-east-1:123456789012:dead"
    policy = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 60}
    plain, strict = rule({}, {"RetryPolicy": policy, "DeadLetterConfig": {"Arn": queue}}).targets
    assert (plain.retries, plain.dead_letters) == (Retries(185, 86_400), None)
    assert (strict.retries, strict.dead_letters) == (Retries(2, 60), queue)


def test_an_entry_becomes_an_event() -> None:
    time = datetime(2026, 3, 1, 9, 30, 15, 250_000, tzinfo=timezone(timedelta(hours=1)))
    entry = {"Source": "app", "DetailType": "a", "Detail": '{"b": 1.50}', "Resources": ["x"], "Time": time}
    assert json.dumps(event_of(entry, **HERE)) == (
        '{"version": "0", "id": "7bf73129", "detail-type": "a", "source": "app", "account": "123456789012", '
        '"time": "2026-03-01T08:30:15Z", "region": "us-east-1", "resources": ["x"], "detail": {"b": 1.5}}'
    )
    plain = event_of({"Source": "app", "DetailType": "a", "Detail": "{}"}, **HERE)
    assert (plain["time"], plain["resources"]) == ("2026-03-01T12:00:00Z", [])


@pytest.mark.parametrize(("entry", "code", "message"), CASES["entries"], ids=str)
def test_an_entry_that_is_refused(entry: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        event_of(entry, **HERE)
    assert (caught.value.code, str(caught.value)) == (code, message)


@pytest.mark.parametrize(("request_", "code", "message"), CASES["rules"], ids=str)
def test_a_rule_that_is_refused(request_: dict[str, Any], code: str, message: str) -> None:
    with pytest.raises(RequestError) as caught:
        rule_of({"Name": "r", **request_}, "arn")
    assert (caught.value.code, str(caught.value)) == (code, message)


def test_a_request_becomes_a_rule() -> None:
    both = {"Name": "r", "EventPattern": '{"source": ["a"]}', "ScheduleExpression": "rate(1 day)"}
    made = rule_of({**both, "State": "DISABLED"}, "arn")
    assert (made.name, made.arn, made.enabled) == ("r", "arn", False)
    assert (made.pattern, made.schedule) == (pattern_of({"source": ["a"]}), read_schedule("rate(1 day)"))
    assert rule_of(both, "arn").enabled


def test_a_long_pattern_is_cut_in_the_message_of_the_service() -> None:
    text = json.dumps({"a": ["x" * 500], "b": 1})
    with pytest.raises(RequestError) as caught:
        rule_of({"Name": "r", "EventPattern": text}, "arn")
    assert str(caught.value).endswith(f'{text[:500]}"[truncated 19 chars]; line: 1, column: 519]')


def test_a_schedule_fires_with_an_event_of_its_own() -> None:
    daily = rule({}, schedule=read_schedule("rate(1 day)"))
    event = scheduled_event(daily, event_id="1", time=NOON, account="123456789012", region="us-east-1")
    assert event == {
        "version": "0",
        "id": "1",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-03-01T12:00:00Z",
        "region": "us-east-1",
        "resources": [daily.arn],
        "detail": {},
    }
    assert [each.target.arn for each in fire(daily, event)] == [MACHINE]
