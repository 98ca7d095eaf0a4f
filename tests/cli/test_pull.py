"""`asltool pull` and `asltool diff`, with a server in place of AWS."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.testing import TestServer, server

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:"
ROLE = "arn:aws:iam::123456789012:role/x"

ORDER = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": f"{FUNCTION}charge",
            "ResultPath": "$.paid",
            "Retry": [{"ErrorEquals": ["Busy"]}],
            "Next": "Done",
        },
        "Done": {
            "Type": "Pass",
            "Parameters": {
                "at.$": "$$.State.EnteredTime",
                "id.$": "$.id",
                "paid.$": "$.paid",
            },
            "End": True,
        },
    },
}

EACH = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.orders",
            "MaxConcurrency": 1,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Charge",
                "States": {"Charge": {"Type": "Task", "Resource": f"{FUNCTION}charge", "End": True}},
            },
            "End": True,
        }
    },
}


class Busy(Exception):
    pass


class Bank:
    """Charges cards; the first call of each order fails."""

    def __init__(self) -> None:
        self.seen = set[Any]()

    def charge(self, event: Any, context: Any) -> Any:
        if event["id"] == 13:
            raise ValueError(f"{event['email']} is blocked")
        if event["id"] not in self.seen and event.get("busy"):
            self.seen.add(event["id"])
            raise Busy("later")
        return {"receipt": f"for {event['email']}", "amount": 12.50, "id": 123456789012345678901}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "123456789012")
    return tmp_path


@pytest.fixture
def running(place: Path) -> Iterator[TestServer]:
    with server(tasks={"charge": Bank().charge}) as running:
        yield running


def executed(running: TestServer, definition: Any, given: Any, name: str = "monday") -> str:
    """Run an execution to its end; return its ARN."""
    client = running.client()
    machine = client.create_state_machine(name="orders", definition=json.dumps(definition), roleArn=ROLE)
    arn = client.start_execution(
        stateMachineArn=machine["stateMachineArn"], name=name, input=json.dumps(given)
    )["executionArn"]
    while client.describe_execution(executionArn=arn)["status"] == "RUNNING":
        pass
    return str(arn)


def invoke(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_an_execution_becomes_a_case_that_passes(running: TestServer, place: Path) -> None:
    given = {"id": 7, "email": "jo@example.com", "busy": True}
    arn = executed(running, ORDER, given)
    pulled = invoke("pull", arn, "--endpoint-url", running.url)
    assert (pulled.exit_code, pulled.stderr) == (0, "")
    files = ["monday/orders.asl.json", "monday/monday.history.json", "monday/monday.asltest.yaml"]
    assert pulled.stdout.splitlines() == files
    assert json.loads(Path(files[0]).read_text("utf-8")) == ORDER
    tested = invoke("test", f"{place}/monday")
    assert (tested.exit_code, tested.stdout) == (0, "1 passed\n")
    replayed = invoke("replay", files[0], "--history", files[1])
    assert (replayed.exit_code, replayed.stdout) == (0, "")
    assert invoke("pull", arn, "--endpoint-url", running.url).exit_code == 0
    Path(files[0]).write_text("{}")
    again = invoke("pull", arn, "--endpoint-url", running.url)
    problem = "asltool pull: monday/orders.asl.json exists with other content. choose another folder\n"
    assert (again.exit_code, again.stderr) == (2, problem)
    assert Path(files[0]).read_text() == "{}"


def test_what_the_case_expects(running: TestServer, place: Path) -> None:
    arn = executed(running, ORDER, {"id": 7, "email": "jo@example.com", "busy": True})
    invoke("pull", arn, "--endpoint-url", running.url, "-o", f"{place}/here")
    case = (place / "here" / "monday.asltest.yaml").read_text("utf-8")
    expected = (
        "expect:",
        "  status: SUCCEEDED",
        "  output_contains:",
        "    id: 7",
        "    paid:",
        "      receipt: for jo@example.com",
        "      amount: 12.5",
        "      id: 123456789012345678901",
        "  path:",
        "  - Charge",
        "  - Done",
    )
    assert case.endswith("\n".join((*expected, "")))


def test_a_failure_is_pulled(running: TestServer, place: Path) -> None:
    arn = executed(running, ORDER, {"id": 13, "email": "jo@example.com"})
    assert invoke("pull", arn, "--endpoint-url", running.url, "-o", f"{place}/here").exit_code == 0
    case = (place / "here" / "monday.asltest.yaml").read_text("utf-8")
    assert "expect:\n  error: ValueError\n  cause: " in case
    assert invoke("test", f"{place}/here").exit_code == 0


def test_another_definition_is_found_out(running: TestServer, place: Path) -> None:
    arn = executed(running, ORDER, {"id": 7, "email": "jo@example.com"})
    invoke("pull", arn, "--endpoint-url", running.url, "-o", f"{place}/here")
    path = place / "here" / "orders.asl.json"
    changed = json.loads(path.read_text())
    changed["States"]["Done"]["Parameters"]["paid"] = changed["States"]["Done"]["Parameters"].pop("paid.$")
    path.write_text(json.dumps(changed))
    tested = invoke("test", f"{place}/here")
    assert tested.exit_code == 1
    assert 'output: $.paid is "$.paid", expected {' in tested.stdout


def test_children_of_a_distributed_map_are_pulled(running: TestServer, place: Path) -> None:
    orders = [{"id": number, "email": f"{number}@example.com"} for number in range(3)]
    arn = executed(running, EACH, {"orders": orders})
    pulled = invoke("pull", arn, "--endpoint-url", running.url, "-o", f"{place}/here")
    assert (pulled.exit_code, pulled.stderr) == (0, "")
    assert len(list((place / "here" / "monday.children").iterdir())) == 3
    assert invoke("test", f"{place}/here").exit_code == 0


def test_express_children_are_missing(running: TestServer, place: Path) -> None:
    each = json.loads(json.dumps(EACH).replace("STANDARD", "EXPRESS"))
    arn = executed(running, each, {"orders": [{"id": 1, "email": "1@example.com"}]})
    pulled = invoke("pull", arn, "--endpoint-url", running.url, "-o", "here")
    assert pulled.exit_code == 1
    missing, problem = pulled.stderr.splitlines()
    assert re.fullmatch(r"0 of 1 child executions of arn:\S+:mapRun:\S+ could be pulled", missing)
    assert problem == f'the history has no call of state "Charge", which calls {FUNCTION}charge'
    assert Path("here/monday.asltest.yaml").exists()


def test_a_stopped_execution_is_no_test(running: TestServer, place: Path) -> None:
    client = running.client()
    task = {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:none", "End": True}
    waits = {"StartAt": "W", "States": {"W": task}}
    client.create_activity(name="none")
    machine = client.create_state_machine(name="orders", definition=json.dumps(waits), roleArn=ROLE)
    arn = client.start_execution(stateMachineArn=machine["stateMachineArn"], name="monday")["executionArn"]
    still = invoke("pull", arn, "--endpoint-url", running.url)
    running_still = f"asltool pull: {arn} is still running: pull it once it has ended\n"
    assert (still.exit_code, still.stderr) == (2, running_still)
    client.stop_execution(executionArn=arn)
    stopped = invoke("pull", arn, "--endpoint-url", running.url)
    message = "asltool pull: the execution was stopped, so it has no outcome to test\n"
    assert (stopped.exit_code, stopped.stderr) == (2, message)


def test_values_are_redacted_everywhere(running: TestServer, place: Path) -> None:
    arn = executed(running, ORDER, {"id": 7, "email": "jö@example.com", "busy": True})
    options = ["--redact", "$.email", "--redact", "$..amount"]
    pulled = invoke("pull", arn, "--endpoint-url", running.url, "-o", f"{place}/here", *options)
    assert (pulled.exit_code, pulled.stderr) == (0, "")
    for path in (place / "here").iterdir():
        text = path.read_text("utf-8")
        assert not any(secret in text for secret in ("jö@", "j\\u00f6", "12.5"))
    case = (place / "here" / "monday.asltest.yaml").read_text("utf-8")
    assert "receipt: for redacted-1\n      amount: 1000002\n" in case
    assert invoke("test", f"{place}/here").exit_code == 0


REFUSED: list[tuple[Callable[[str], list[str]], str]] = [
    (
        lambda arn: [arn + "x"],
        "DescribeExecution: ExecutionDoesNotExist: Execution Does Not Exist: '{arn}x'",
    ),
    (
        lambda arn: ["monday"],
        '"monday" is not the ARN of an execution. expected '
        "arn:aws:states:REGION:ACCOUNT:execution:NAME:EXECUTION",
    ),
    (
        lambda arn: [arn.replace(":execution:", ":express:")],
        "{express} is an EXPRESS execution, whose history the service does not keep",
    ),
    (lambda arn: [arn, "--redact", "$.e-mail"], '--redact: "$.e-mail" selects nothing in any payload'),
    (lambda arn: [arn, "--redact", "$$.x"], '--redact: "$$.x" must begin with $, a payload of the execution'),
    (lambda arn: [arn, "--redact", "$["], "--redact: "),
]


@pytest.mark.parametrize(("words", "problem"), REFUSED)
def test_what_cannot_be_pulled(
    words: Callable[[str], list[str]], problem: str, running: TestServer, place: Path
) -> None:
    arn = executed(running, ORDER, {"id": 7, "email": "jo@example.com"})
    refused = invoke("pull", *words(arn), "--endpoint-url", running.url, "-o", "here")
    expected = problem.format(arn=arn, express=arn.replace(":execution:", ":express:"))
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"asltool pull: {expected}")
    assert not Path("here").exists()


def test_nothing_listens() -> None:
    arn = "arn:aws:states:us-east-1:123456789012:execution:orders:monday"
    refused = invoke("pull", arn, "--endpoint-url", "http://127.0.0.1:9")
    assert refused.exit_code == 2


CHANGES: list[tuple[Callable[[Any], Any], list[str]]] = [
    (lambda text: text, []),
    (lambda text: text.replace("us-east-1", "${AWS::Region}"), []),
    (lambda text: text.replace("us-east-1", "${AWS::Region}-2"), ["$.States.Charge.Resource is "]),
    (
        lambda text: text.replace('"Busy"', '"Full"'),
        ['$.States.Charge.Retry[0].ErrorEquals[0] is "Busy" on AWS and "Full" here'],
    ),
    (
        lambda text: text.replace('"End": true', '"Comment": "x", "End": true'),
        ['$.States.Done.Comment is not there on AWS and "x" here'],
    ),
]


@pytest.mark.parametrize(("change", "lines"), CHANGES)
def test_a_definition_is_compared(
    change: Callable[[str], str], lines: list[str], running: TestServer, place: Path
) -> None:
    client = running.client()
    arn = client.create_state_machine(name="orders", definition=json.dumps(ORDER), roleArn=ROLE)
    Path("here.asl.json").write_text(change(json.dumps(ORDER, indent=1)))
    compared = invoke("diff", "here.asl.json", arn["stateMachineArn"], "--endpoint-url", running.url)
    assert compared.exit_code == (1 if lines else 0), compared.output
    assert len(compared.stdout.splitlines()) == len(lines)
    assert all(map(str.startswith, compared.stdout.splitlines(), lines))


def test_nothing_is_deployed(running: TestServer, place: Path) -> None:
    Path("here.asl.json").write_text(json.dumps(ORDER))
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:none"
    compared = invoke("diff", "here.asl.json", arn, "--endpoint-url", running.url)
    message = f"DescribeStateMachine: StateMachineDoesNotExist: State Machine Does Not Exist: '{arn}'"
    assert (compared.exit_code, compared.stderr) == (2, f"asltool diff: {message}\n")
