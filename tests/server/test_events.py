"""EventBridge's API over HTTP, asked by boto3: rules that start machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from asltool.integrations.handlers import Handlers
from asltool.service.backend import BackendSettings
from asltool.testing.serving import TestServer, server, serving
from tests.server.test_server import created, finished

PLACE = "us-east-1:123456789012"
PASS = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
FAIL = {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "Broken", "Cause": "by design"}}}


@pytest.fixture
def running() -> Iterator[TestServer]:
    with server() as found:
        yield found


def rule(events: Any, pattern: dict[str, Any], *targets: dict[str, Any], bus: str = "default") -> None:
    """Put the rule ``r`` with these targets."""
    events.put_rule(Name="r", EventPattern=json.dumps(pattern), EventBusName=bus)
    given = [{"Id": str(number), **target} for number, target in enumerate(targets)]
    answer = events.put_targets(Rule="r", EventBusName=bus, Targets=given)
    assert answer["FailedEntryCount"] == 0


def entry(detail: Any, **more: str) -> dict[str, Any]:
    return {"Source": "app", "DetailType": "Order", "Detail": json.dumps(detail), **more}


def inputs(client: Any, machine: str) -> list[Any]:
    """Return the inputs of a machine's executions, the newest first, once they have ended."""
    executions = client.list_executions(stateMachineArn=machine)["executions"]
    return [json.loads(finished(client, each["executionArn"])["input"]) for each in executions]


def test_an_event_starts_the_machines_of_the_rules_that_match_it(running: TestServer) -> None:
    client, events = running.client(), running.client("events")
    machine = created(client, "m", PASS)
    rule(
        events,
        {"detail": {"id": [{"numeric": [">", 1]}]}},
        {"Arn": machine, "InputPath": "$.detail"},
        {
            "Arn": machine,
            "InputTransformer": {"InputPathsMap": {"n": "$.detail.id"}, "InputTemplate": "[<n>]"},
        },
    )
    answer = events.put_events(Entries=[entry({"id": 1}), entry({"id": 2}), {"Source": "app"}])
    assert answer["FailedEntryCount"] == 1
    assert [each.get("ErrorCode") for each in answer["Entries"]] == [None, None, "InvalidArgument"]
    assert inputs(client, machine) == [[2], {"id": 2}]
    named = client.list_executions(stateMachineArn=machine)["executions"][0]["name"]
    assert named.startswith(answer["Entries"][1]["EventId"])


def test_rules_and_targets_are_listed_changed_and_removed(running: TestServer) -> None:
    events = running.client("events")
    for name in ("a", "b", "c"):
        events.put_rule(Name=name, EventPattern='{"source": ["app"]}', Description=f"about {name}")
    page = events.list_rules(Limit=2)
    assert [each["Name"] for each in page["Rules"]] == ["a", "b"]
    rest = events.list_rules(Limit=2, NextToken=page["NextToken"])
    assert [each["Name"] for each in rest["Rules"]] == ["c"]
    assert "NextToken" not in rest
    events.disable_rule(Name="a")
    found = events.describe_rule(Name="a")
    assert (found["State"], found["Description"], found["Arn"]) == (
        "DISABLED",
        "about a",
        f"arn:aws:events:{PLACE}:rule/a",
    )
    queue = {"Id": "q", "Arn": f"arn:aws:sqs:{PLACE}:q", "RetryPolicy": {"MaximumRetryAttempts": 3}}
    events.put_targets(Rule="a", Targets=[queue])
    assert events.list_targets_by_rule(Rule="a")["Targets"] == [queue]
    with pytest.raises(ClientError, match="Rule can't be deleted since it has targets"):
        events.delete_rule(Name="a")
    assert events.remove_targets(Rule="a", Ids=["q", "z"])["FailedEntryCount"] == 1
    events.delete_rule(Name="a")
    with pytest.raises(ClientError, match="Rule a does not exist on EventBus default") as refused:
        events.describe_rule(Name="a")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"Name": "a b", "EventPattern": "{}"}, r"'a b' at 'Name' failed to satisfy constraint"),
        ({"Name": "a"}, "EventPattern or ScheduleExpression must be specified"),
        ({"Name": "a", "EventPattern": '{"a": 1}'}, "Event pattern is not valid"),
        ({"Name": "a", "ScheduleExpression": "rate(1 minutes)"}, "ScheduleExpression is not valid"),
        ({"Name": "a", "EventPattern": "{}", "EventBusName": "x"}, "Event bus x does not exist"),
    ],
)
def test_a_rule_is_refused(running: TestServer, request_: dict[str, str], message: str) -> None:
    with pytest.raises(ClientError, match=message):
        running.client("events").put_rule(**request_)


def test_too_many_entries_are_refused(running: TestServer) -> None:
    with pytest.raises(ClientError, match="Member must have length less than or equal to 10") as refused:
        running.client("events").put_events(Entries=[entry({})] * 11)
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    assert "Source=app, Resources=null" in str(refused.value)


def test_a_refused_value_is_shown_as_the_service_shows_it(running: TestServer) -> None:
    events = running.client("events", config=Config(parameter_validation=False))
    made = {"InputPathsMap": {"a": "$.x", "b": "$.y"}, "InputTemplate": "<a>"}
    targets = [{"Id": "t", "Arn": "any", "InputTransformer": made}] * 101
    with pytest.raises(ClientError, match=re.escape("InputPathsMap={a=$.x, b=$.y}, InputTemplate=<a>")):
        events.put_targets(Rule="r", Targets=targets)
    with pytest.raises(ClientError, match="Value '0' at 'Limit' failed"):
        events.list_rules(Limit=0)


def test_a_bus_of_its_own_has_its_own_rules_and_passes_events_on(running: TestServer) -> None:
    client, events = running.client(), running.client("events")
    machine = created(client, "m", PASS)
    bus = events.create_event_bus(Name="orders")["EventBusArn"]
    rule(events, {"source": ["app"]}, {"Arn": bus})
    rule(events, {"source": ["app"]}, {"Arn": machine, "InputPath": "$.detail"}, {"Arn": bus}, bus="orders")
    events.put_events(Entries=[entry({"n": 1}), entry({"n": 2}, EventBusName="orders")])
    assert inputs(client, machine) == [{"n": 2}, {"n": 1}]
    assert [each["Name"] for each in events.list_event_buses()["EventBuses"]] == ["default", "orders"]
    with pytest.raises(ClientError, match="has rules"):
        events.delete_event_bus(Name="orders")


def test_a_pattern_is_tested(running: TestServer) -> None:
    names = ("id", "detail-type", "source", "account", "time", "region")
    event = {**dict.fromkeys(names, "x"), "resources": []}
    ask = running.client("events").test_event_pattern
    assert ask(EventPattern='{"source": ["x"]}', Event=json.dumps(event))["Result"] is True
    assert ask(EventPattern='{"source": ["y"]}', Event=json.dumps(event))["Result"] is False
    with pytest.raises(ClientError, match="Event is not a JSON object"):
        ask(EventPattern='{"source": ["y"]}', Event="[]")


def test_the_failure_of_a_machine_starts_another(running: TestServer) -> None:
    client, events = running.client(), running.client("events")
    machine, notify = created(client, "m", FAIL), created(client, "notify", PASS)
    pattern = {"source": ["aws.states"], "detail": {"status": ["FAILED"], "stateMachineArn": [machine]}}
    rule(events, pattern, {"Arn": notify})
    execution = client.start_execution(stateMachineArn=machine, name="x", input='{"a": 1}')["executionArn"]
    finished(client, execution)
    [event] = inputs(client, notify)
    assert event["detail-type"] == "Step Functions Execution Status Change"
    assert event["resources"] == [execution]
    detail = event["detail"]
    assert detail["stopDate"] >= detail["startDate"] > 1_000_000_000_000
    del detail["startDate"], detail["stopDate"]
    assert detail == {
        "executionArn": execution,
        "stateMachineArn": machine,
        "name": "x",
        "status": "FAILED",
        "input": '{"a": 1}',
        "output": None,
        "stateMachineVersionArn": None,
        "stateMachineAliasArn": None,
        "redriveCount": 0,
        "redriveDate": None,
        "redriveStatus": "REDRIVABLE",
        "redriveStatusReason": None,
        "inputDetails": {"included": True},
        "outputDetails": None,
        "error": "Broken",
        "cause": "by design",
    }


@pytest.mark.parametrize("service", ["events", "aws-sdk:eventbridge"])
def test_tasks_put_events_on_the_same_buses(running: TestServer, service: str) -> None:
    client, events = running.client(), running.client("events")
    detail: Any = {"id": 7} if service == "events" else '{"id": 7}'
    task = {
        "Type": "Task",
        "Resource": f"arn:aws:states:::{service}:putEvents",
        "Parameters": {"Entries": [{"Source": "app", "DetailType": "Order", "Detail": detail}]},
        "End": True,
    }
    putter = created(client, "p", {"StartAt": "A", "States": {"A": task}})
    machine = created(client, "m", PASS)
    rule(events, {"source": ["app"]}, {"Arn": machine})
    ended = finished(client, client.start_execution(stateMachineArn=putter)["executionArn"])
    assert json.loads(ended["output"])["FailedEntryCount"] == 0
    [event] = inputs(client, machine)
    assert event["detail"] == {"id": 7}
    assert (f"arn:aws:states:{PLACE}:stateMachine:p" in event["resources"]) is (service == "events")


def wait_for(path: Path, lines: int) -> list[dict[str, Any]]:
    for _ in range(10_000):
        if path.exists() and len(found := path.read_text("utf-8").splitlines()) >= lines:
            return [json.loads(line) for line in found]
    raise AssertionError(f"{path} has no {lines} lines")


def test_what_fails_is_tried_again_then_left_and_disturbs_nothing(tmp_path: Path) -> None:
    function, tried = f"arn:aws:lambda:{PLACE}:function", []

    def flaky(event: Any, context: Any) -> None:
        tried.append(event["id"])
        raise ConnectionError("not now")

    settings = BackendSettings(data=tmp_path, skips=True, integrations=[Handlers({"flaky": flaky})])
    with serving(settings) as running:
        client, events = running.client(), running.client("events")
        machine = created(client, "m", PASS)
        queue = f"arn:aws:sqs:{PLACE}:dead"
        rule(
            events,
            {"source": ["app"]},
            {
                "Arn": f"{function}:flaky",
                "InputPath": "$.detail",
                "RetryPolicy": {"MaximumRetryAttempts": 2},
                "DeadLetterConfig": {"Arn": queue},
            },
            {"Arn": f"{function}:missing"},
            {"Arn": machine.replace(":m", ":none")},
            {"Arn": machine, "Input": "{}"},
        )
        assert events.put_events(Entries=[entry({"id": 1})])["FailedEntryCount"] == 0
        assert inputs(client, machine) == [{}]
        letters = wait_for(tmp_path / "dead-letters.jsonl", 3)
    assert tried == [1, 1, 1]
    by_target = {each["TARGET_ARN"].rpartition(":")[2]: each for each in letters}
    assert {key: each["ERROR_CODE"] for key, each in by_target.items()} == {
        "flaky": "ConnectionError",
        "missing": "NoHandler",
        "none": "StateMachineDoesNotExist",
    }
    assert by_target["flaky"]["EXHAUSTED_RETRY_CONDITION"] == "MaximumRetryAttempts"
    assert (by_target["flaky"]["queue"], by_target["flaky"]["body"]) == (queue, '{"id":1}')


def test_handlers_get_what_targets_are_sent(tmp_path: Path) -> None:
    sent = []

    def publish(event: Any, context: Any) -> Any:
        sent.append(event)

    tasks = {"arn:aws:states:::sns:publish": publish, f"arn:aws:sqs:{PLACE}:q": publish}
    with server(tasks=tasks) as running:
        events = running.client("events")
        topic = f"arn:aws:sns:{PLACE}:t"
        rule(
            events,
            {"source": ["app"]},
            {"Arn": topic, "Input": '"hello"'},
            {"Arn": f"arn:aws:sqs:{PLACE}:q", "Input": "[1]"},
        )
        events.put_events(Entries=[entry({})])
        for _ in range(1000):
            if len(sent) == 2:
                break
            events.list_rules()
    assert sorted(sent, key=str) == [[1], {"TopicArn": topic, "Message": '"hello"'}]


def test_rules_and_their_letters_outlive_the_server(tmp_path: Path) -> None:
    settings = BackendSettings(data=tmp_path, skips=True)
    with serving(settings) as running:
        machine = created(running.client(), "m", PASS)
        rule(running.client("events"), {"source": ["app"]}, {"Arn": machine, "InputPath": "$.detail"})
    with serving(settings) as running:
        running.client("events").put_events(Entries=[entry({"n": 1})])
        assert inputs(running.client(), machine) == [{"n": 1}]


def test_tags_are_kept_changed_and_go_with_what_has_them(running: TestServer) -> None:
    events, scheduler = running.client("events"), running.client("scheduler")
    tag = [{"Key": "team", "Value": "data"}]
    rule = events.put_rule(Name="a", EventPattern='{"source": ["app"]}', Tags=tag)["RuleArn"]
    bus = events.create_event_bus(Name="b", Tags=tag)["EventBusArn"]
    group = scheduler.create_schedule_group(Name="g", Tags=tag)["ScheduleGroupArn"]
    for arn in (rule, bus):
        assert events.list_tags_for_resource(ResourceARN=arn)["Tags"] == tag
    assert scheduler.list_tags_for_resource(ResourceArn=group)["Tags"] == tag
    events.put_rule(Name="a", EventPattern='{"source": ["b"]}', Tags=[{"Key": "x", "Value": "y"}])
    events.tag_resource(ResourceARN=rule, Tags=[{"Key": "env", "Value": "test"}])
    events.untag_resource(ResourceARN=rule, TagKeys=["team", "none"])
    assert events.list_tags_for_resource(ResourceARN=rule)["Tags"] == [{"Key": "env", "Value": "test"}]
    scheduler.tag_resource(ResourceArn=group, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    scheduler.untag_resource(ResourceArn=group, TagKeys=["team", "b"])
    assert scheduler.list_tags_for_resource(ResourceArn=group)["Tags"] == [{"Key": "a", "Value": "1"}]
    events.delete_rule(Name="a")
    with pytest.raises(ClientError, match=r"rule/a does not exist") as refused:
        events.list_tags_for_resource(ResourceARN=rule)
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"
    events.put_rule(Name="a", EventPattern='{"source": ["app"]}')
    assert events.list_tags_for_resource(ResourceARN=rule)["Tags"] == []


def test_a_target_that_fails_fails_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from asltool.service.conductor import Conductor

    start = Conductor.start

    def broken(self: Any, begun: Any) -> Any:
        if begun.identity.state_machine == "broken":
            raise RecursionError("too deep")
        return start(self, begun)

    monkeypatch.setattr(Conductor, "start", broken)
    with serving(BackendSettings(data=tmp_path)) as running:
        client, events = running.client(), running.client("events")
        failing, machine = created(client, "broken", PASS), created(client, "m", PASS)
        rule(events, {"source": ["app"]}, {"Arn": failing}, {"Arn": machine, "InputPath": "$.detail"})
        assert events.put_events(Entries=[entry({"n": 1}), entry({"n": 2})])["FailedEntryCount"] == 0
        assert inputs(client, machine) == [{"n": 2}, {"n": 1}]
    letters = (tmp_path / "dead-letters.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(each)["ERROR_CODE"] for each in letters] == ["RecursionError", "RecursionError"]
