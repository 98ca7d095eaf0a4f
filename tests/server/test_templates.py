"""Rules, schedules and events of templates start the machines that a server has of them."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.errors import AslToolError
from asltool.integrations.template_document import template_document
from asltool.service.backend import Backend, BackendSettings
from asltool.service.caller import Caller
from asltool.service.sources import apply_served, read_served, read_sources
from asltool.service.templates.applying import apply_triggers
from asltool.service.templates.reading import read_triggers
from asltool.service.templates.wanted import LeftOut
from asltool.testing.serving import TestServer, server, serving
from tests.server.test_events import inputs
from tests.server.test_schedules import DAY, NOON, Clock, jump

LEFT_OUT_CASES = Path(__file__).parents[1] / "cases" / "server" / "left_out"
PLACE = "us-east-1:123456789012"
MACHINE = f"arn:aws:states:{PLACE}:stateMachine"

TEMPLATE = """
Parameters:
  Bucket: {Type: String, Default: files}
Mappings:
  Rates: {all: {slow: rate(2 days)}}
Resources:
  Load:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: load
      Definition: &pass {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Events:
        Created:
          Type: EventBridgeRule
          Properties:
            EventBusName: !Ref Orders
            Pattern: {source: [app], detail: {bucket: [!Ref Bucket]}}
            InputPath: $.detail
        Old: {Type: CloudWatchEvent, Properties: {Pattern: {source: [other]}, State: DISABLED}}
        Daily:
          Type: Schedule
          Properties: {Schedule: rate(1 day), Input: '{"by": "rule"}', Name: daily}
        Weekly:
          Type: ScheduleV2
          Properties:
            ScheduleExpression: cron(0 8 ? * SAT *)
            ScheduleExpressionTimezone: America/Los_Angeles
            Input: '{"by": "schedule"}'
            RoleArn: !GetAtt Role.Arn
        Ask: {Type: Api, Properties: {Path: /x, Method: get}}
        Other: {Type: EventBridgeRule, Properties: {Pattern: {source: [app]}, EventBusName: nowhere}}
  Notify:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: *pass, RoleArn: !GetAtt Role.Arn}
  Orders: {Type: AWS::Events::EventBus, Properties: {Name: orders}}
  Done:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        source: [aws.states]
        detail: {status: [SUCCEEDED], stateMachineArn: [!Ref Load], name: [x]}
      Targets:
        - {Id: a, Arn: !GetAtt Notify.Arn, RoleArn: !GetAtt Role.Arn, Input: '{"by": "status"}'}
        - {Id: b, Arn: !GetAtt Stream.Arn}
  Slow:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: !FindInMap [Rates, all, slow]
      FlexibleTimeWindow: {Mode: "OFF"}
      GroupName: !Ref Group
      Target: {Arn: !Join ["", [!Ref Notify]], RoleArn: !GetAtt Role.Arn, Input: '{"by": "slow"}'}
  Group: {Type: AWS::Scheduler::ScheduleGroup, Properties: {Name: slow}}
  Hand: {Type: AWS::StepFunctions::Activity, Properties: {Name: hand}}
  Pipe: {Type: AWS::Pipes::Pipe, Properties: {}}
"""

SERVERLESS = """
service: s
stepFunctions:
  stateMachines:
    m:
      definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      events:
        - schedule: {rate: rate(1 day), input: {by: rate}}
        - eventBridge:
            event: {source: [app]}
            inputTransformer: {inputPathsMap: {n: $.detail.n}, inputTemplate: '{"got": <n>}'}
        - http: {path: x, method: POST}
        - cloudwatchEvent: {name: "off", event: {source: [app]}, enabled: false}
"""

LEFT_OUT = {
    "Done.Targets.b": "a part of it is known only after deployment",
    "Load.Events.Other": "Event bus nowhere does not exist.",
    "Pipe": "pipes are not served",
}


def template(tmp_path: Path, text: str = TEMPLATE) -> str:
    path = tmp_path / "template.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_what_is_in_a_template_starts_its_machines(tmp_path: Path) -> None:
    clock, path = Clock(), template(tmp_path)
    found = read_triggers([path], Caller())
    with serving(BackendSettings(time=clock), read_sources([path]), found) as running:
        client, events = running.client(), running.client("events")
        entry = {"Source": "app", "DetailType": "x", "EventBusName": "orders"}
        events.put_events(
            Entries=[{**entry, "Detail": json.dumps({"bucket": each})} for each in ("files", "others")]
        )
        assert inputs(client, f"{MACHINE}:load") == [{"bucket": "files"}]
        client.start_execution(stateMachineArn=f"{MACHINE}:load", name="x", input='{"n": 1}')
        inputs(client, f"{MACHINE}:load")
        assert inputs(client, f"{MACHINE}:Notify") == [{"by": "status"}]
        jump(running, 2 * DAY)
        by = [each.get("by") for each in inputs(client, f"{MACHINE}:load")]
        assert by == ["rule", "schedule", "rule", None, None]
        assert [each["by"] for each in inputs(client, f"{MACHINE}:Notify")] == ["slow", "status"]
        assert client.list_activities()["activities"][0]["activityArn"].endswith(":activity:hand")
        rules = {each["Name"]: each["State"] for each in events.list_rules()["Rules"]}
        assert rules == {"Done": "ENABLED", "LoadOld": "DISABLED", "daily": "ENABLED"}


def test_what_is_not_served_is_named_with_the_reason(tmp_path: Path) -> None:
    path = template(tmp_path)
    left_out = [each for each in read_triggers([path], Caller()) if isinstance(each, LeftOut)]
    named = {each.origin.removeprefix(f"{path}#"): each.reason for each in left_out}
    assert named == {name: reason for name, reason in LEFT_OUT.items() if name != "Load.Events.Other"}


def test_a_refusal_of_the_service_is_explained(tmp_path: Path) -> None:
    path = template(tmp_path, TEMPLATE.replace("rate(1 day)", "rate(1 days)"))

    async def reasons() -> list[str]:
        backend = Backend(BackendSettings())
        done = await apply_triggers(backend.service, read_triggers([path], Caller()))
        await backend.close()
        return [each.reason for each in done if isinstance(each, LeftOut) and "Daily" in each.origin]

    [reason] = asyncio.run(reasons())
    assert reason.startswith('"days" is not a unit of 1.')


def test_one_machine_of_a_template_has_its_own_events_alone(tmp_path: Path) -> None:
    found = read_triggers([f"{template(tmp_path)}#Notify"], Caller())
    assert found == []


def test_serving_a_template_again_changes_what_differs_and_keeps_when_it_fires(tmp_path: Path) -> None:
    clock, path = Clock(), template(tmp_path)

    def running() -> Any:
        settings = BackendSettings(data=tmp_path / "data", time=clock)
        return serving(settings, read_sources([path]), read_triggers([path], Caller()))

    with running():
        pass
    clock.now = NOON + DAY / 2
    template(tmp_path, TEMPLATE.replace('"by": "rule"', '"by": "changed"'))
    with running() as again:
        jump(again, DAY / 2)
        client = again.client()
        assert inputs(client, f"{MACHINE}:load") == [{"by": "changed"}]
        jump(again, DAY)
        assert inputs(client, f"{MACHINE}:Notify") == [{"by": "slow"}]


def test_a_server_in_a_test_serves_them_too(tmp_path: Path) -> None:
    with server(template(tmp_path)) as running:
        assert running.client("events").describe_rule(Name="Done")["State"] == "ENABLED"


def test_events_of_a_serverless_file_start_its_machines(tmp_path: Path) -> None:
    path, clock = tmp_path / "serverless.yml", Clock()
    path.write_text(SERVERLESS, "utf-8")
    found = read_triggers([str(path)], Caller())
    assert [each for each in found if isinstance(each, LeftOut)] == [
        LeftOut(f"{path}#m.events.2.http", "events of this kind (http) are not served")
    ]
    with serving(BackendSettings(time=clock), read_sources([str(path)]), found) as running:
        events = running.client("events")
        events.put_events(Entries=[{"Source": "app", "DetailType": "x", "Detail": '{"n": 1}'}])
        jump(running, DAY)
        assert inputs(running.client(), f"{MACHINE}:m") == [{"by": "rate"}, {"got": 1}]
        states = {each["Name"]: each["State"] for each in events.list_rules()["Rules"]}
        assert states == {"m-0": "ENABLED", "m-1": "ENABLED", "off": "DISABLED"}


@pytest.mark.parametrize("path", sorted(LEFT_OUT_CASES.glob("*[!t]")), ids=lambda path: str(path.name))
def test_what_cannot_be_served_has_its_line_and_a_caret(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(LEFT_OUT_CASES)

    async def said() -> str:
        backend = Backend(BackendSettings())
        sources, left_out = read_served([path.name])
        applied = await apply_served(backend.service, sources)
        done = await apply_triggers(backend.service, read_triggers([path.name], Caller()))
        await backend.close()
        return "".join(f"{each}\n" for each in (*left_out, *applied, *done) if isinstance(each, LeftOut))

    expected = path.with_name(f"{path.name}.out")
    if os.environ.get("UPDATE_CASES"):
        expected.write_text(asyncio.run(said()), "utf-8")
    assert asyncio.run(said()) == expected.read_text("utf-8")


TERRAFORM = """
locals {
  definition = { StartAt = "A", States = { A = { Type = "Pass", End = true } } }
}

resource "aws_sfn_state_machine" "load" {
  name       = "load-${var.stage}"
  role_arn   = "any"
  publish    = true
  definition = jsonencode(local.definition)
}

variable "stage" {}

resource "aws_sfn_alias" "live" {
  name = "live"
  routing_configuration {
    state_machine_version_arn = aws_sfn_state_machine.load.state_machine_version_arn
    weight                    = 100
  }
}

resource "aws_sfn_activity" "hand" {
  name = "hand"
}

resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}

resource "aws_cloudwatch_event_rule" "placed" {
  name           = "${var.stage}-placed"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = jsonencode({ source = ["app"] })
}

resource "aws_cloudwatch_event_target" "placed" {
  rule           = aws_cloudwatch_event_rule.placed.name
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  arn            = aws_sfn_state_machine.load.arn
  input_transformer {
    input_paths    = { number = "$.detail.n" }
    input_template = "{\\"got\\": <number>}"
  }
}

resource "aws_cloudwatch_event_rule" "off" {
  schedule_expression = "rate(1 hour)"
  is_enabled          = false
}

resource "aws_scheduler_schedule" "daily" {
  name                = "daily"
  group_name          = aws_scheduler_schedule_group.own.name
  schedule_expression = "rate(1 day)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = aws_sfn_state_machine.load.arn
    role_arn = aws_iam_role.any.arn
    input    = jsonencode({ by = "schedule" })
  }
}

resource "aws_scheduler_schedule_group" "own" {
  name = "own"
}
"""


def test_terraform_starts_its_machines(tmp_path: Path) -> None:
    clock = Clock()
    (tmp_path / "main.tf").write_text(TERRAFORM, "utf-8")
    found = read_triggers([str(tmp_path)], Caller())
    assert [each for each in found if isinstance(each, LeftOut)] == []
    with serving(BackendSettings(time=clock), read_sources([str(tmp_path)]), found) as running:
        client, events = running.client(), running.client("events")
        events.put_events(
            Entries=[{"Source": "app", "DetailType": "x", "EventBusName": "orders", "Detail": '{"n": 7}'}]
        )
        assert inputs(client, f"{MACHINE}:load") == [{"got": 7}]
        jump(running, DAY)
        assert inputs(client, f"{MACHINE}:load") == [{"by": "schedule"}, {"got": 7}]
        alias = client.describe_state_machine_alias(stateMachineAliasArn=f"{MACHINE}:load:live")
        assert alias["routingConfiguration"][0]["stateMachineVersionArn"] == f"{MACHINE}:load:1"
        assert [each["name"] for each in client.list_activities()["activities"]] == ["hand"]
        assert events.describe_rule(Name="off")["State"] == "DISABLED"


ALIASES = """
Resources:
  Load:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: &pass {StartAt: A, States: {A: {Type: Pass, End: true}}}
      AutoPublishAlias: live
      UseAliasAsEventTarget: true
      Events:
        Arrived: {Type: EventBridgeRule, Properties: {Pattern: {source: [app]}}}
  Plain:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: *pass, RoleArn: any}
  First:
    Type: AWS::StepFunctions::StateMachineVersion
    Properties: {StateMachineArn: !Ref Plain, Description: the first}
  Live:
    Type: AWS::StepFunctions::StateMachineAlias
    Properties:
      Name: live
      RoutingConfiguration: [{StateMachineVersionArn: !Ref First, Weight: 100}]
  Rule:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [app]}, Targets: [{Id: a, Arn: !Ref Live}]}
"""


def test_versions_and_aliases_of_a_template(tmp_path: Path) -> None:
    path = template(tmp_path, ALIASES)

    def running() -> Any:
        settings = BackendSettings(data=tmp_path / "data")
        return serving(settings, read_sources([path]), read_triggers([path], Caller()))

    with running() as first:
        client = first.client()
        first.client("events").put_events(Entries=[{"Source": "app", "DetailType": "x", "Detail": "{}"}])
        for name in ("Load", "Plain"):
            inputs(client, f"{MACHINE}:{name}")
            [execution] = client.list_executions(stateMachineArn=f"{MACHINE}:{name}")["executions"]
            assert execution["stateMachineAliasArn"] == f"{MACHINE}:{name}:live"
            assert execution["stateMachineVersionArn"] == f"{MACHINE}:{name}:1"
    template(tmp_path, ALIASES.replace("Type: Pass", "Type: Pass, Comment: new"))
    with running() as again:
        alias = again.client().describe_state_machine_alias(stateMachineAliasArn=f"{MACHINE}:Load:live")
        assert alias["routingConfiguration"] == [
            {"stateMachineVersionArn": f"{MACHINE}:Load:2", "weight": 100}
        ]


APIS = """
Resources:
  Orders: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}
  Load:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}
      Events:
        Start: {Type: Api, Properties: {Path: /start, Method: POST, RestApiId: !Ref Orders}}
        One: {Type: Api, Properties: {Path: "/orders/{id}", Method: any, RestApiId: !Ref Orders}}
        Any:
          Type: Api
          Properties: {Path: "/all/{proxy+}", Method: get, UnescapeMappingTemplate: true}
"""


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "input"),
    [
        ("POST", "Orders/start", '{"n": 12345678901234567890}', 200, {"n": 12345678901234567890}),
        ("POST", "Load/start", "", 200, {}),
        ("DELETE", "Orders/orders/7", "[1]", 200, [1]),
        ("GET", "ServerlessRestApi/all/a/b", '"it\'s"', 200, "it's"),
        ("POST", "Orders/start", '"it\'s"', 400, None),
        ("POST", "Orders/start", "{", 400, None),
        ("GET", "Orders/start", "", 403, None),
        ("POST", "Orders/orders/7/items", "", 403, None),
        ("POST", "Nothing/start", "", 403, None),
    ],
)
def test_apis_of_a_template_start_its_machines(
    method: str, path: str, body: str, status: int, input: Any, apis: TestServer
) -> None:
    connection = HTTPConnection(urlsplit(apis.url).netloc, timeout=10)
    connection.request(method, f"/_asltool/api/{path}", body.encode())
    answer = connection.getresponse()
    given = json.loads(answer.read())
    connection.close()
    assert answer.status == status
    if status == 200:
        found = apis.client().describe_execution(executionArn=given["executionArn"])
        assert json.loads(found["input"]) == input


@pytest.fixture(scope="module")
def apis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    path = template(tmp_path_factory.mktemp("apis"), APIS)
    with serving(BackendSettings(), read_sources([path]), read_triggers([path], Caller())) as running:
        yield running


def mutated(value: Any, data: st.DataObject) -> Any:
    """Return a value of which one part is another one, or missing."""
    if isinstance(value, dict | list) and value and data.draw(st.integers(0, 9)):
        step = data.draw(st.sampled_from(list(value) if isinstance(value, dict) else range(len(value))))
        made = value.copy()
        if data.draw(st.integers(0, 9)):
            made[step] = mutated(value[step], data)
        else:
            del made[step]
        return made
    return data.draw(st.sampled_from([None, 5, "", "${A.B}", [], {}, [[]], {"Ref": 5}, {"Fn::Join": []}]))


SEEDS = (
    TEMPLATE,
    ALIASES,
    APIS,
    SERVERLESS,
    *(path.read_text("utf-8") for path in LEFT_OUT_CASES.glob("*ml")),
)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(data=st.data())
def test_any_template_is_served_or_left_out(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    source = tmp_path_factory.getbasetemp() / "seed.yaml"
    source.write_text(data.draw(st.sampled_from(SEEDS)), "utf-8")
    value = template_document(str(source)).value
    for _ in range(data.draw(st.integers(1, 3))):
        value = mutated(value, data)
    path = tmp_path_factory.getbasetemp() / "mutated.json"
    path.write_text(json.dumps(value))

    async def serve() -> None:
        backend = Backend(BackendSettings())
        done = await apply_triggers(backend.service, read_triggers([str(path)], Caller()))
        assert all(map(str, done))
        await backend.close()

    with suppress(AslToolError):
        asyncio.run(serve())
