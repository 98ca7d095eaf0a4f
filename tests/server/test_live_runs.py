"""What pages of executions are sent: all of it at first, then what is new."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from asltool import TaskContext, TaskFailed
from asltool.diagrams.page import content
from asltool.testing.serving import TestServer, server

ROLE = "arn:aws:iam::123456789012:role/any"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
TOKEN = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
MACHINE = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": TOKEN,
            "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"},
            "Next": "Check",
        },
        "Check": {"Type": "Task", "Resource": f"{FUNCTION}:check", "End": True},
    },
}


class Asked:
    """Fails the first time, and gives back the tokens of the question."""

    def __init__(self) -> None:
        self.failed = False

    def check(self, event: Any, context: TaskContext) -> Any:
        if not self.failed:
            self.failed = True
            raise TaskFailed("Not.Yet", "later")
        return event


@pytest.fixture
def running() -> Iterator[TestServer]:
    tasks = {"check": Asked().check, TOKEN: lambda event, context: {"MessageId": "m"}}
    with server(tasks=tasks, time="real") as found:
        yield found


@pytest.fixture
def arn(running: TestServer) -> str:
    client = running.client()
    machine = client.create_state_machine(name="m", definition=json.dumps(MACHINE), roleArn=ROLE)
    answer = client.start_execution(stateMachineArn=machine["stateMachineArn"], input="{}")
    return str(answer["executionArn"])


def shown(running: TestServer, arn: str, after: str = "") -> Any:
    query = f"arn={quote(arn)}&after={quote(after)}"
    with urllib.request.urlopen(f"{running.url}/_asltool/console/api/execution?{query}") as answer:
        return json.load(answer)


def asked(running: TestServer, arn: str) -> Any:
    """Return the execution once it waits for an answer."""
    while not (found := shown(running, arn))["open"]:
        pass
    return found


def ended(running: TestServer, arn: str, status: str) -> None:
    while running.client().describe_execution(executionArn=arn)["status"] != status:
        pass


def test_what_is_new_follows_what_was_sent(running: TestServer, arn: str) -> None:
    before = asked(running, arn)
    run = before["page"]["run"]
    running.client().send_task_success(taskToken=before["open"][0]["token"], output='{"yes": true}')
    ended(running, arn, "FAILED")
    later = shown(running, arn, before["mark"])
    whole = shown(running, arn)["page"]["run"]
    more = later["more"]
    assert "page" not in later
    for name in ("types", "moments", "owners", "kinds", "fates", "steps", "notes"):
        assert run[name] + more[name] == whole[name]
    visits = dict(enumerate(run["visits"])) | {int(number): row for number, row in more["visits"].items()}
    assert [len(row) for row in visits.values()] == [13, 13]
    assert (more["ended"], more["end"]["error"], later["open"]) == (True, "Not.Yet", [])
    again = shown(running, arn, later["mark"])
    assert (again["more"]["types"], again["more"]["visits"], again["mark"]) == ([], {}, later["mark"])


def test_an_unknown_mark_gets_all_of_it(running: TestServer, arn: str) -> None:
    epoch, _, number = asked(running, arn)["mark"].partition("-")
    for unknown in ("", f"other-{number}", f"{epoch}-{int(number) + 1}", epoch, f"{epoch}-x"):
        assert shown(running, arn, unknown)["page"]["run"]["types"]


def test_a_redriven_execution_is_sent_anew(running: TestServer, arn: str) -> None:
    client = running.client()
    client.send_task_success(taskToken=asked(running, arn)["open"][0]["token"], output="{}")
    ended(running, arn, "FAILED")
    mark = shown(running, arn)["mark"]
    client.redrive_execution(executionArn=arn)
    ended(running, arn, "SUCCEEDED")
    later = shown(running, arn, mark)
    assert (later["page"]["run"]["end"]["status"], later["execution"]["redriveCount"]) == ("Succeeded", 1)


def test_values_that_have_no_room_are_cut_and_sent_anew(
    running: TestServer, arn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "ROOM", 5_000)
    before = asked(running, arn)
    assert before["page"]["cut"] is False
    output = json.dumps({str(number): f"{number}{'x' * 900}" for number in range(6)})
    running.client().send_task_success(taskToken=before["open"][0]["token"], output=output)
    ended(running, arn, "FAILED")
    later = shown(running, arn, before["mark"])
    assert later["page"]["cut"] == 200
