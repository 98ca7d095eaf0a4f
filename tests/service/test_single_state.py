"""One state on its own: what comes of it, what it shows, and what is refused."""

from __future__ import annotations

import json
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool.cli import main
from asltool.errors import NoHandler, RequestError
from asltool.expr.values import loads
from asltool.service.single_state import test_request as answer

FOLDER = Path(__file__).parent.parent / "cases" / "service" / "single_state"
CASES = yaml.safe_load((FOLDER / "run.yaml").read_text("utf-8"))
REFUSED = yaml.safe_load((FOLDER / "refused.yaml").read_text("utf-8"))

TASK: dict[str, Any] = {
    "Type": "Task",
    "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
    "Parameters": {"id.$": "States.UUID()"},
    "End": True,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    tested = asltool.test_state(case["definition"], case.get("input", {}), **case.get("with", {}))
    assert tested.values == case["expect"]


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_refused(case: dict[str, Any]) -> None:
    with pytest.raises(RequestError) as refused:
        asltool.test_state(case["definition"], **case.get("with", {}))
    assert f"{refused.value.code}: {refused.value}" == case["refused"]


def test_a_task_that_is_not_mocked_is_done() -> None:
    tasks = asltool.Tasks()

    @tasks.handler("f")
    def function(event: Any, context: asltool.TaskContext) -> Any:
        if event["id"]:
            raise ValueError(context.state)

    tested = asltool.test_state(TASK, tasks=tasks, seed=7)
    assert (tested.status, tested.error) == ("FAILED", "ValueError")
    assert json.loads(tested.cause or "")["errorMessage"] == "StateName"


def test_what_is_shown_is_what_the_handler_was_given() -> None:
    seen: list[Any] = []
    tasks = asltool.Tasks()
    tasks.register("f", lambda event, context: seen.append(event))
    tested = asltool.test_state(TASK, tasks=tasks)
    assert tested.inspection["afterParameters"] == seen[0]


def test_a_task_that_nobody_does() -> None:
    with pytest.raises(NoHandler, match="no handler for"):
        asltool.test_state(TASK, role_arn="arn:aws:iam::123456789012:role/r")


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        (
            {"definition": " "},
            "InvalidDefinition: Invalid State Machine Definition: "
            "'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null'",
        ),
        (
            {"definition": "5"},
            "InvalidDefinition: Invalid State Machine Definition: "
            "'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null'",
        ),
        ({"variables": "[]"}, "ValidationException: variables must be an object, not an array"),
        ({"mock": []}, "ValidationException: mock must be an object, not an array"),
        (
            {"mock": {"result": "1"}, "context": "[]"},
            "ValidationException: Invalid Context object provided: Context must be a object",
        ),
        (
            {"mock": {"errorOutput": {"error": "E" * 257}}},
            "ValidationException: 1 validation error detected: Value at 'mock.errorOutput.error' failed to "
            "satisfy constraint: Member must have length less than or equal to 256",
        ),
        ({}, "ValidationException: RoleArn must be specified when testing a Task state"),
    ],
)
def test_asked_for_what_is_refused(changed: dict[str, Any], refused: str) -> None:
    with pytest.raises(RequestError) as caught:
        answer({"definition": json.dumps(TASK), **changed})
    assert f"{caught.value.code}: {caught.value}" == refused


def test_asked_and_answered_as_boto3_does() -> None:
    request = {
        "definition": json.dumps(
            {"Type": "Pass", "Output": "{% $v %}", "QueryLanguage": "JSONata", "End": True}
        ),
        "input": "[1]",
        "variables": '{"v": {"a": 1}}',
        "inspectionLevel": "TRACE",
    }
    assert answer(request) == {
        "status": "SUCCEEDED",
        "output": '{"a":1}',
        "inspectionData": {"input": "[1]", "variables": '{"v":{"a":1}}'},
    }
    with pytest.raises(RequestError, match=r"^input is not JSON$"):
        answer({**request, "input": "{"})


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.text())
def test_any_mocked_text_is_json_or_refused(text: str) -> None:
    try:
        expected = loads(text)
    except ValueError:
        with pytest.raises(RequestError, match=r"^Mocked result must be valid JSON$"):
            asltool.test_state(TASK, mock={"result": text})
    else:
        assert asltool.test_state(TASK, mock={"result": text}).output == expected


def test_on_the_command_line(tmp_path: Path) -> None:
    machine = tmp_path / "m.asl.json"
    machine.write_text(json.dumps({"StartAt": "A", "States": {"A": TASK}}))
    command = ["test-state", str(machine), "--state-name", "A", "--inspection-level", "INFO", "--mock"]
    good = CliRunner().invoke(main, [*command, '{"result": 5}'])
    assert (good.exit_code, json.loads(good.stdout)) == (0, {"status": "SUCCEEDED", "output": 5})
    bad = CliRunner().invoke(main, [*command, '{"errorOutput": {"error": "E"}}'])
    assert (bad.exit_code, json.loads(bad.stdout)) == (1, {"status": "FAILED", "error": "E"})
    refused = CliRunner().invoke(main, [*command, "{}"])
    assert refused.exit_code == 2
    assert refused.stderr.startswith("asltool test-state: A test mock should have only one of")
    usage = CliRunner().invoke(main, [*command, "[]"])
    assert usage.exit_code == 2
    assert "Invalid value for --mock: expected a JSON object" in usage.stderr


def test_what_an_sdk_adds_is_of_the_moment_of_the_test() -> None:
    tasks = asltool.Tasks()
    tasks.register("f", lambda event, context: event)
    invoke = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f", "Payload": {}},
        "End": True,
    }
    headers = asltool.test_state(invoke, tasks=tasks).output["SdkHttpMetadata"]["HttpHeaders"]
    assert parsedate_to_datetime(headers["Date"]).year >= 2026


@pytest.mark.parametrize(
    ("state", "response"),
    [
        ({"Type": "Pass", "Result": None, "End": True}, {"status": "SUCCEEDED", "output": "null"}),
        ({"Type": "Fail", "Error": "Gone"}, {"status": "FAILED", "error": "Gone"}),
    ],
)
def test_no_output_and_an_output_of_null(state: dict[str, Any], response: dict[str, Any]) -> None:
    tested = asltool.test_state(state, {}, inspection_level="INFO")
    assert tested.output is None
    assert tested.response == response
