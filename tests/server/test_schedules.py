"""Schedules of rules and of EventBridge Scheduler, on a clock that only the tests move."""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from asltool.service.backend import BackendSettings
from asltool.testing.serving import TestServer, serving
from tests.server.test_events import PASS, PLACE, inputs, rule
from tests.server.test_server import ROLE, created

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
NOON = datetime(2026, 3, 27, 12, tzinfo=UTC).timestamp()


class Clock:
    """``now`` is the time in seconds since 1970."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def running(clock: Clock) -> Iterator[TestServer]:
    with serving(BackendSettings(time=clock)) as found:
        yield found


def jump(running: TestServer, seconds: float) -> None:
    body = json.dumps({"jump": seconds}).encode()
    with urllib.request.urlopen(f"{running.url}/_asltool/time", body) as answer:
        assert answer.status == 200


def schedule(running: TestServer, machine: str, expression: str, **more: Any) -> dict[str, Any]:
    """Return the request that makes the schedule ``s``."""
    return {
        "Name": "s",
        "ScheduleExpression": expression,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": machine, "RoleArn": ROLE, "Input": '"<aws.scheduler.scheduled-time>"'},
        **more,
    }


def test_a_rule_fires_at_its_rate(running: TestServer) -> None:
    client, events = running.client(), running.client("events")
    machine = created(client, "m", PASS)
    arn = events.put_rule(Name="r", ScheduleExpression="rate(5 minutes)")["RuleArn"]
    events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": machine}])
    jump(running, 4 * MINUTE)
    assert inputs(client, machine) == []
    jump(running, 11 * MINUTE)
    found = inputs(client, machine)
    assert [each["time"][11:] for each in found] == ["12:15:00Z", "12:10:00Z", "12:05:00Z"]
    assert len({each["id"] for each in found}) == 3
    assert {key: found[0][key] for key in ("source", "detail-type", "resources", "detail")} == {
        "source": "aws.events",
        "detail-type": "Scheduled Event",
        "resources": [arn],
        "detail": {},
    }
    events.disable_rule(Name="r")
    jump(running, HOUR)
    events.enable_rule(Name="r")
    jump(running, 5 * MINUTE)
    assert len(inputs(client, machine)) == 4


def test_a_schedule_fires_in_its_zone_and_skips_the_gap(running: TestServer) -> None:
    client = running.client()
    machine = created(client, "m", PASS)
    request = schedule(running, machine, "cron(30 2 * * ? *)", ScheduleExpressionTimezone="Europe/Berlin")
    running.client("scheduler").create_schedule(**request)
    jump(running, 3 * DAY)
    assert inputs(client, machine) == ["2026-03-30T00:30:00Z", "2026-03-28T01:30:00Z"]
    names = [each["name"] for each in client.list_executions(stateMachineArn=machine)["executions"]]
    assert [name[:19] for name in names] == ["s_20260330T003000Z_", "s_20260328T013000Z_"]


@pytest.mark.parametrize(
    ("zone", "skipped", "repeated"),
    [
        ("America/Los_Angeles", ("2026-03-08", 2, 15), ("2026-11-01", 1, 45)),
        ("Europe/Berlin", ("2026-03-29", 2, 15), ("2026-10-25", 2, 45)),
        ("Australia/Lord_Howe", ("2026-10-04", 2, 15), ("2026-04-05", 1, 45)),
    ],
)
def test_a_zone_over_both_changes_of_its_clock(
    zone: str, skipped: tuple[str, int, int], repeated: tuple[str, int, int]
) -> None:
    """Of three days one does not have the time, or has it twice."""
    for (day, at, minute), fires in ((skipped, 2), (repeated, 3)):
        clock = Clock()
        clock.now = (datetime.fromisoformat(f"{day}T12:00:00+00:00") - timedelta(days=2)).timestamp()
        with serving(BackendSettings(time=clock)) as running:
            machine = created(running.client(), "m", PASS)
            expression = f"cron({minute} {at} * * ? *)"
            request = schedule(running, machine, expression, ScheduleExpressionTimezone=zone)
            running.client("scheduler").create_schedule(**request)
            jump(running, 3 * DAY)
            assert len(inputs(running.client(), machine)) == fires


def test_a_schedule_starts_and_ends_with_its_dates(running: TestServer) -> None:
    client = running.client()
    machine = created(client, "m", PASS)
    request = schedule(
        running,
        machine,
        "rate(1 hour)",
        StartDate=NOON + 2 * HOUR,
        EndDate=NOON + 4 * HOUR,
        ActionAfterCompletion="DELETE",
    )
    running.client("scheduler").create_schedule(**request)
    jump(running, DAY)
    assert [each[11:16] for each in inputs(client, machine)] == ["16:00", "15:00", "14:00"]
    assert running.client("scheduler").list_schedules()["Schedules"] == []


def test_a_schedule_fires_once_and_stays_unless_it_is_to_be_deleted(running: TestServer) -> None:
    client, scheduler = running.client(), running.client("scheduler")
    machine = created(client, "m", PASS)
    scheduler.create_schedule(**schedule(running, machine, "at(2026-03-27T13:00:00)"))
    jump(running, 2 * HOUR)
    jump(running, DAY)
    assert inputs(client, machine) == ["2026-03-27T13:00:00Z"]
    assert scheduler.get_schedule(Name="s")["ScheduleExpression"] == "at(2026-03-27T13:00:00)"


def test_a_flexible_window_delays_a_firing_within_it(running: TestServer) -> None:
    client, scheduler = running.client(), running.client("scheduler")
    machine = created(client, "m", PASS)
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 30}
    request = schedule(running, machine, "at(2026-03-27T13:00:00)", FlexibleTimeWindow=window)
    scheduler.create_schedule(**request)
    jump(running, HOUR)
    assert inputs(client, machine) == []
    jump(running, 30 * MINUTE)
    assert inputs(client, machine) == ["2026-03-27T13:00:00Z"]


def test_a_schedule_puts_events_on_a_bus(running: TestServer) -> None:
    client, events = running.client(), running.client("events")
    machine = created(client, "m", PASS)
    rule(events, {"source": ["clock"]}, {"Arn": machine})
    target = {
        "Arn": f"arn:aws:events:{PLACE}:event-bus/default",
        "RoleArn": ROLE,
        "EventBridgeParameters": {"DetailType": "tick", "Source": "clock"},
        "Input": '{"n": 1}',
    }
    request = schedule(running, machine, "at(2026-03-27T13:00:00)", Target=target)
    running.client("scheduler").create_schedule(**request)
    jump(running, HOUR)
    [event] = inputs(client, machine)
    assert (event["detail-type"], event["detail"], event["time"]) == (
        "tick",
        {"n": 1},
        "2026-03-27T13:00:00Z",
    )


def test_schedules_and_groups_are_listed_changed_and_deleted(running: TestServer) -> None:
    scheduler = running.client("scheduler")
    machine = f"arn:aws:states:{PLACE}:stateMachine:m"
    group = scheduler.create_schedule_group(Name="g")["ScheduleGroupArn"]
    assert group == f"arn:aws:scheduler:{PLACE}:schedule-group/g"
    request = schedule(running, machine, "rate(1 day)", GroupName="g", Description="daily")
    arn = scheduler.create_schedule(**request)["ScheduleArn"]
    assert arn == f"arn:aws:scheduler:{PLACE}:schedule/g/s"
    with pytest.raises(scheduler.exceptions.ConflictException, match="Schedule s already exists"):
        scheduler.create_schedule(**request)
    for name in ("a", "b"):
        scheduler.create_schedule(**{**schedule(running, machine, "rate(1 day)"), "Name": name})
    page = scheduler.list_schedules(MaxResults=2)
    assert [each["Name"] for each in page["Schedules"]] == ["a", "b"]
    rest = scheduler.list_schedules(MaxResults=2, NextToken=page["NextToken"])["Schedules"]
    assert [(each["Name"], each["Target"]) for each in rest] == [("s", {"Arn": machine})]
    assert [each["Name"] for each in scheduler.list_schedules(GroupName="g")["Schedules"]] == ["s"]
    scheduler.update_schedule(**{**request, "State": "DISABLED"})
    found = scheduler.get_schedule(Name="s", GroupName="g")
    assert (found["State"], found["Description"]) == ("DISABLED", "daily")
    assert found["CreationDate"] == datetime.fromtimestamp(NOON, UTC)
    scheduler.delete_schedule(Name="a")
    with pytest.raises(scheduler.exceptions.ResourceNotFoundException, match="Schedule a does not exist"):
        scheduler.get_schedule(Name="a")
    scheduler.delete_schedule_group(Name="g")
    assert [each["Name"] for each in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["default"]
    assert [each["Name"] for each in scheduler.list_schedules()["Schedules"]] == ["b"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ScheduleExpression": "rate(1 minutes)"}, r"Invalid Schedule Expression rate\(1 minutes\)\."),
        ({"ScheduleExpressionTimezone": "Mars"}, "Invalid ScheduleExpressionTimezone Mars"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "MaximumWindowInMinutes must be provided"),
        ({"Name": "a b"}, "'a b' at 'Name' failed to satisfy constraint"),
        ({"GroupName": "g"}, "Schedule group g does not exist"),
    ],
)
def test_a_schedule_is_refused(running: TestServer, change: dict[str, Any], message: str) -> None:
    request = schedule(running, f"arn:aws:states:{PLACE}:stateMachine:m", "rate(1 day)")
    with pytest.raises(ClientError, match=message):
        running.client("scheduler").create_schedule(**{**request, **change})


def test_a_restart_neither_loses_nor_doubles_a_firing(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    settings = BackendSettings(data=tmp_path, time=clock)
    with serving(settings) as running:
        client, events = running.client(), running.client("events")
        machine, other = created(client, "m", PASS), created(client, "other", PASS)
        retries = {"MaximumEventAgeInSeconds": 7200}
        request = schedule(running, machine, "cron(0 * * * ? *)")
        request["Target"]["RetryPolicy"] = retries
        running.client("scheduler").create_schedule(**request)
        events.put_rule(Name="r", ScheduleExpression="cron(30 * * * ? *)")
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": other}])
    clock.now += 3 * HOUR + 45 * MINUTE
    with caplog.at_level(logging.WARNING, "asltool.events"), serving(settings) as running:
        client = running.client()
        # 13:00 is older than two hours, and rules do not catch up.
        assert [each[11:16] for each in inputs(client, machine)] == ["15:00", "14:00"]
        assert inputs(client, other) == []
    assert [record.getMessage() for record in caplog.records] == [
        f"arn:aws:events:{PLACE}:rule/r has missed its firing at 2026-03-27T12:30:00+00:00",
        f"arn:aws:scheduler:{PLACE}:schedule/default/s has missed its firing at 2026-03-27T13:00:00+00:00",
    ]
    with serving(settings) as running:
        client = running.client()
        jump(running, HOUR)
        assert [each[11:16] for each in inputs(client, machine)] == ["16:00", "15:00", "14:00"]
        assert [each["time"][11:16] for each in inputs(client, other)] == ["16:30"]
