"""`asltool pull` and `asltool diff` with responses that the service would not give."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.cli.aws_options import AwsOptions

ARN = "arn:aws:states:us-east-1:123456789012:execution:orders:monday"
MAP_RUN = "arn:aws:states:us-east-1:123456789012:mapRun:orders/M:1"
EVENTS: list[dict[str, Any]] = [
    {"id": 1, "type": "ExecutionStarted", "timestamp": 1.0, "executionStartedEventDetails": {"input": "{}"}},
    {
        "id": 2,
        "type": "MapRunStarted",
        "timestamp": 1.0,
        "previousEventId": 1,
        "mapRunStartedEventDetails": {"mapRunArn": MAP_RUN},
    },
    {
        "id": 3,
        "type": "ExecutionSucceeded",
        "timestamp": 1.0,
        "previousEventId": 2,
        "executionSucceededEventDetails": {"output": "{}"},
    },
]
GOOD: dict[str, Any] = {
    "DescribeExecution": {"status": "SUCCEEDED"},
    "DescribeStateMachineForExecution": {
        "definition": '{"StartAt": "M", "States": {"M": {"Type": "Succeed"}}}'
    },
    "GetExecutionHistory": {"events": EVENTS},
    "DescribeMapRun": {"executionCounts": {"total": 1}},
    "ListExecutions": {"executions": [{"name": "child", "executionArn": ARN}]},
}


class Body(io.BytesIO):
    def stream(self, **_: Any) -> Any:
        yield self.read()


def asked(answers: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch, *words: str) -> Result:
    """Run a command against a service that gives these answers; bytes are sent as they are."""
    make = AwsOptions.client

    def answer(request: Any, **_: Any) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        found = answers[(target.decode() if isinstance(target, bytes) else target).partition(".")[2]]
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        return AWSResponse(request.url, 200, HTTPHeaders(), Body(body))

    def client(self: AwsOptions, arn: str) -> Any:
        made = make(self, arn)
        made.meta.events.register("before-send", answer)
        return made

    monkeypatch.setattr(AwsOptions, "client", client)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "123456789012")
    return CliRunner().invoke(main, [*words, "--endpoint-url", "http://127.0.0.1:9"], catch_exceptions=False)


def changed(number: int, **fields: Any) -> dict[str, Any]:
    events = [*EVENTS]
    events[number - 1] = {name: value for name, value in (EVENTS[number - 1] | fields).items() if value != ""}
    return {"GetExecutionHistory": {"events": events}}


UNREADABLE = "the response of the service cannot be read: "
INVALID = "the response of the service has no valid "
HISTORY = f"the history of {ARN} cannot be used: "
SHAPE = f"{HISTORY}event 1 is not shaped as GetExecutionHistory gives it: "
BAD: list[tuple[dict[str, Any], str]] = [
    ({"DescribeExecution": {}}, f'{INVALID}"status": DescribeExecution'),
    ({"DescribeExecution": []}, UNREADABLE),
    ({"DescribeExecution": b'{"status": "SUC'}, f'{INVALID}"status": DescribeExecution'),
    ({"DescribeExecution": b'{"status": "\xff"}'}, UNREADABLE),
    (
        {"DescribeStateMachineForExecution": {"definition": 7}},
        f'{INVALID}"definition": DescribeStateMachineForExecution',
    ),
    ({"DescribeStateMachineForExecution": {"definition": "{"}}, 'definition:1:1: this "{" is never closed'),
    ({"GetExecutionHistory": {}}, f'{INVALID}"events": GetExecutionHistory'),
    ({"GetExecutionHistory": {"events": []}}, f"{HISTORY}it has no events"),
    ({"GetExecutionHistory": {"events": [1]}}, UNREADABLE),
    ({"GetExecutionHistory": {"events": EVENTS * 8334}}, f"{HISTORY}it has more than 25,000 events"),
    (changed(1, type=""), f'{SHAPE}"type" has to be a string'),
    (changed(1, timestamp="soon"), UNREADABLE),
    (changed(1, timestamp=""), "the history's first event has no timestamp"),
    (
        changed(1, executionStartedEventDetails={"input": "{"}),
        "the input of the execution is not JSON: Expecting property name",
    ),
    (
        changed(3, executionSucceededEventDetails={"output": "[" * 5000}),
        "the output of the execution is not JSON: nested too deeply",
    ),
    (changed(2, mapRunStartedEventDetails={}), f'{INVALID}"mapRunArn": MapRunStarted'),
    ({"DescribeMapRun": {}}, f'{INVALID}"executionCounts": DescribeMapRun'),
    ({"ListExecutions": {"executions": [{}]}}, f'{INVALID}"name": ListExecutions'),
    *(
        (
            {"ListExecutions": {"executions": [{"name": name, "executionArn": ARN}]}},
            f"{json.dumps(f'monday.children/{name}.history.json')} cannot be the name of a file",
        )
        for name in ("../../evil", "../monday", "a\0b", "..\\evil")
    ),
]


@pytest.mark.parametrize(("answers", "problem"), BAD)
def test_what_pull_refuses(
    answers: dict[str, Any], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled = asked(GOOD | answers, monkeypatch, "pull", ARN, "-o", str(tmp_path / "here"))
    assert pulled.exit_code == 2
    assert pulled.stderr.startswith(f"asltool pull: {problem}")
    assert not list(tmp_path.iterdir())


def test_what_diff_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.asl.json"
    path.write_text(GOOD["DescribeStateMachineForExecution"]["definition"])
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:orders"
    compared = asked({"DescribeStateMachine": {"name": "m"}}, monkeypatch, "diff", str(path), arn)
    problem = f'asltool diff: {INVALID}"definition": DescribeStateMachine\n'
    assert (compared.exit_code, compared.stderr) == (2, problem)


def test_names_are_redacted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answers = GOOD | changed(1, executionStartedEventDetails={"input": '{"id": "monday", "no": "child"}'})
    pulled = asked(answers, monkeypatch, "pull", ARN, "--redact", "$.id", "--redact", "$.no")
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json*")]
    assert sorted(names) == [
        "redacted-1/orders.asl.json",
        "redacted-1/redacted-1.children/redacted-2.history.json",
        "redacted-1/redacted-1.history.json",
    ]
    assert not any("monday" in path.read_text("utf-8") for path in Path("redacted-1").glob("*.yaml"))
    assert pulled.exit_code == 1  # the case cannot pass: the machine is another one
