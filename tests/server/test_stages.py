"""The stages of a visit's data, which the console shows: recomputed from the steps in the store."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from asltool import TaskContext, TaskFailed
from asltool.testing.serving import TestServer, server

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function"
CAUGHT = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "End"}

STATES: dict[str, dict[str, Any]] = {
    "Paths": {
        "Type": "Task",
        "Resource": f"{FUNCTION}:two",
        "InputPath": "$.order",
        "Parameters": {"number.$": "$.number", "fast": True},
        "ResultSelector": {"lines.$": "$.lines"},
        "Assign": {"lines.$": "$.lines"},
        "ResultPath": "$.found",
        "OutputPath": "$.found",
        "Next": "Each",
    },
    "Each": {
        "Type": "Map",
        "ItemsPath": "$.lines",
        "ItemSelector": {"line.$": "$$.Map.Item.Value"},
        "ItemProcessor": {"StartAt": "Line", "States": {"Line": {"Type": "Pass", "End": True}}},
        "Next": "Query",
    },
    "Query": {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": f"{FUNCTION}:two",
        "Arguments": {"all": "{% $count($states.input) %}"},
        "Output": {"first": "{% $states.result.lines[0] %}"},
        "Next": "Fork",
    },
    "Fork": {
        "Type": "Choice",
        "QueryLanguage": "JSONata",
        "Choices": [{"Condition": "{% true %}", "Assign": {"lines": 2}, "Next": "Fails"}],
        "Default": "End",
    },
    "Fails": {
        "Type": "Task",
        "Resource": f"{FUNCTION}:fails",
        "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}],
        "Parameters": {"attempt.$": "$$.State.RetryCount"},
        "Catch": [CAUGHT],
        "End": True,
    },
    "End": {"Type": "Succeed"},
}

ERROR = {"Error": "Busy", "Cause": "later"}

STAGES: dict[str, list[tuple[str, Any]]] = {
    "Paths": [
        ("After InputPath", {"number": 7}),
        ("After Parameters", {"number": 7, "fast": True}),
        ("Result", {"lines": ["a", "b"], "total": 2}),
        ("After ResultSelector", {"lines": ["a", "b"]}),
        ("Variables after Assign", {"lines": ["a", "b"]}),
        ("After ResultPath", {"order": {"number": 7}, "found": {"lines": ["a", "b"]}}),
        ("After OutputPath", {"lines": ["a", "b"]}),
    ],
    "Each": [("After ItemsPath", ["a", "b"]), ("First item after ItemSelector", {"line": "a"})],
    "Query": [
        ("After Arguments", {"all": 2}),
        ("Result", {"lines": ["a", "b"], "total": 2}),
        ("After Output", {"first": "a"}),
    ],
    "Fork": [("Variables after Choices[0]/Assign", {"lines": 2})],
    "Fails": [
        ("After Parameters", {"attempt": 1}),
        ("Error output", ERROR),
        ("After Catch[0]/ResultPath", {"first": "a", "error": ERROR}),
    ],
    "End": [],
}


def two(event: Any, context: TaskContext) -> Any:
    return {"lines": ["a", "b"], "total": 2}


def fails(event: Any, context: TaskContext) -> Any:
    raise TaskFailed("Busy", "later")


@pytest.fixture(scope="module")
def running() -> Iterator[TestServer]:
    with server(tasks={"two": two, "fails": fails}, time="skip") as found:
        yield found


@pytest.fixture(scope="module")
def ran(running: TestServer) -> tuple[str, dict[str, int]]:
    """Return an execution, and the IDs of the events with which its states were entered."""
    client = running.client()
    definition = json.dumps({"StartAt": "Paths", "States": STATES})
    machine = client.create_state_machine(
        name="m", definition=definition, roleArn="arn:aws:iam::123456789012:role/any"
    )
    arn = client.start_execution(
        stateMachineArn=machine["stateMachineArn"], input='{"order": {"number": 7}}'
    )["executionArn"]
    while client.describe_execution(executionArn=arn)["status"] == "RUNNING":
        pass
    history = client.get_execution_history(executionArn=arn)["events"]
    details = [(event["id"], event.get("stateEnteredEventDetails")) for event in history]
    return arn, {entered["name"]: number for number, entered in details if entered}


def asked(running: TestServer, arn: str, entered: int | str, until: int | str) -> Any:
    query = f"arn={quote(arn)}&entered={entered}&until={until}"
    with urllib.request.urlopen(f"{running.url}/_asltool/console/api/stages?{query}") as answer:
        return [(title, json.loads(text)) for title, text in json.load(answer)["stages"]]


@pytest.mark.parametrize("name", STAGES)
def test_each_stage_that_changed_the_data_is_shown(
    name: str, running: TestServer, ran: tuple[str, dict[str, int]]
) -> None:
    arn, entered = ran
    assert asked(running, arn, entered[name], 9_999) == STAGES[name]


def test_what_came_later_is_not_shown(running: TestServer, ran: tuple[str, dict[str, int]]) -> None:
    arn, entered = ran
    assert asked(running, arn, entered["Paths"], entered["Paths"] + 1) == STAGES["Paths"][:2]


@pytest.mark.parametrize(
    ("arn", "entered", "status"), [("arn:aws:states:no", "1", 404), ("", "one", 404), (None, "one", 400)]
)
def test_what_cannot_be_shown_is_refused(
    arn: str | None, entered: str, status: int, running: TestServer, ran: tuple[str, dict[str, int]]
) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        asked(running, ran[0] if arn is None else arn, entered, 1)
    with refused.value as answer:
        assert answer.code == status
