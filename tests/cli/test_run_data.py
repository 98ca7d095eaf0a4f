"""What ``run -v`` shows of the data, and the events that ``--events`` writes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.cli.folding import changes, folded

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:pay"
PAY: dict[str, Any] = {"Type": "Task", "Resource": LAMBDA}
TASKS = """
import asltool

tasks = asltool.Tasks()


@tasks.handler("pay")
def pay(event, context):
    if event["n"] == 2:
        raise asltool.TaskFailed("Odd", "two")
    return {"paid": event["n"]}
"""
CASES: dict[str, tuple[dict[str, Any], Any, list[str]]] = {
    "JSONPath": (
        {
            **PAY,
            "InputPath": "$.order",
            "Parameters": {"n.$": "$.n"},
            "ResultSelector": {"sum.$": "$.paid"},
            "Assign": {"sum.$": "$.sum"},
            "ResultPath": "$.payment",
            "OutputPath": "$.payment",
            "Next": "Then",
        },
        {"order": {"n": 1, "to": "me"}},
        [
            "enter  S",
            '       input: {"order": {"n": 1, "to": "me"}}',
            '       InputPath: = {"n": 1, "to": "me"}',
            '       Parameters: - to: "me"',
            '       result: {"paid": 1}',
            '       ResultSelector: = {"sum": 1}',
            "       Assign: + $sum: 1",
            '       ResultPath: + payment: {"sum": 1}',
            '       OutputPath: = {"sum": 1}',
            "leave  S",
            '       output: {"sum": 1}',
            "enter  Then",
            '       input: {"sum": 1}',
            '       variables: {"$sum": 1}',
            "leave  Then",
            '       output: {"sum": 1}',
        ],
    ),
    "JSONata": (
        {
            **PAY,
            "QueryLanguage": "JSONata",
            "Arguments": {"n": "{% $states.input.n %}"},
            "Assign": {"sum": "{% $states.result.paid %}"},
            "Output": "{% $merge([$states.input, $states.result]) %}",
            "Next": "Then",
        },
        {"n": 1, "to": "me"},
        [
            "enter  S",
            '       input: {"n": 1, "to": "me"}',
            '       Arguments: - to: "me"',
            '       result: {"paid": 1}',
            "       Assign: + $sum: 1",
            "       Output:",
            "         + n: 1",
            '         + to: "me"',
            "leave  S",
            '       output: {"n": 1, "to": "me", "paid": 1}',
            "enter  Then",
            '       input: {"n": 1, "to": "me", "paid": 1}',
            '       variables: {"$sum": 1}',
            "leave  Then",
            '       output: {"n": 1, "to": "me", "paid": 1}',
        ],
    ),
    "retries and catches": (
        {
            **PAY,
            "Parameters": {"n.$": "$.n"},
            "Retry": [{"ErrorEquals": ["Odd"], "MaxAttempts": 1}],
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Then"}],
            "Next": "Then",
        },
        {"n": 2, "to": "me"},
        [
            "enter  S",
            '       input: {"n": 2, "to": "me"}',
            '       Parameters: - to: "me"',
            "error  Odd  two",
            "retry  S  1 s, skipped",
            "error  Odd  two",
            '       Catch[0]/ResultPath: + error: {"Error": "Odd", "Cause": "two"}',
            "leave  S",
            '       output: {"n": 2, "to": "me", "error": {"Error": "Odd", "Cause": "two"}}',
            "enter  Then",
            '       input: {"n": 2, "to": "me", "error": {"Error": "Odd", "Cause": "two"}}',
            "leave  Then",
            '       output: {"n": 2, "to": "me", "error": {"Error": "Odd", "Cause": "two"}}',
        ],
    ),
    "a Map whose iteration fails": (
        {
            "Type": "Map",
            "ItemsPath": "$.list",
            "ItemSelector": {"n.$": "$$.Map.Item.Value"},
            "ItemProcessor": {"StartAt": "Pay", "States": {"Pay": {**PAY, "End": True}}},
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Then"}],
            "Next": "Then",
        },
        {"list": [2]},
        [
            "enter  S",
            '       input: {"list": [2]}',
            "       ItemsPath: = [2]",
            "data   S  S[0]",
            '       ItemSelector: = {"n": 2}',
            "enter  Pay  S[0]",
            '       input: {"n": 2}',
            "error  Odd  two",
            "error  iteration 0 of S failed",
            "data   S",
            '       Catch[0]/ResultPath: + error: {"Error": "Odd", "Cause": "two"}',
            "error  Map state failed",
            "leave  S",
            '       output: {"list": [2], "error": {"Error": "Odd", "Cause": "two"}}',
            "enter  Then",
            '       input: {"list": [2], "error": {"Error": "Odd", "Cause": "two"}}',
            "leave  Then",
            '       output: {"list": [2], "error": {"Error": "Odd", "Cause": "two"}}',
        ],
    ),
    "a Parallel with variables inside": (
        {
            "Type": "Parallel",
            "QueryLanguage": "JSONata",
            "Branches": [
                {
                    "StartAt": "B",
                    "States": {
                        "B": {
                            "Type": "Pass",
                            "QueryLanguage": "JSONata",
                            "Assign": {"inner": 1},
                            "Output": "{% $states.input.n + 1 %}",
                            "End": True,
                        }
                    },
                }
            ],
            "Assign": {"all": "{% $states.result %}"},
            "Next": "Then",
        },
        {"n": 1},
        [
            "enter  S",
            '       input: {"n": 1}',
            "enter  B",
            '       input: {"n": 1}',
            "       Assign: + $inner: 1",
            "       Output: = 2",
            "leave  B",
            "       output: 2",
            "data   S",
            "       Assign: + $all: [2]",
            "leave  S",
            "       output: [2]",
            "enter  Then",
            "       input: [2]",
            '       variables: {"$all": [2]}',
            "leave  Then",
            "       output: [2]",
        ],
    ),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tasks.py").write_text(TASKS)


def run(state: dict[str, Any], value: Any, *args: str) -> Result:
    states = {"S": state, "Then": {"Type": "Succeed"}}
    Path("m.asl.json").write_text(json.dumps({"StartAt": "S", "States": states}))
    given = ["--tasks", "tasks.py", "--input", json.dumps(value), *args]
    return CliRunner().invoke(main, ["run", "m.asl.json", *given])


@pytest.mark.parametrize(("state", "value", "lines"), CASES.values(), ids=CASES)
def test_the_data_of_each_state(state: dict[str, Any], value: Any, lines: list[str]) -> None:
    result = run(state, value, "-v")
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines() == lines


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_data_is_cut_to_the_width_of_the_terminal() -> None:
    import pty
    import termios

    Path("m.asl.json").write_text(json.dumps({"StartAt": "S", "States": {"S": {"Type": "Succeed"}}}))
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 50))
    command = [sys.executable, "-m", "asltool", "run", "m.asl.json", "-v", "--input", json.dumps(["x" * 90])]
    with open(theirs, "w") as terminal, open(ours, "rb", buffering=0) as shown:
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=True)
        text = shown.read(4096).decode()
    lines = [line.rstrip("\r") for line in text.split("\n")]
    assert lines[2] == "         ["
    assert lines[3] == f'           "{"x" * 37}…'
    assert len(lines[3]) == 50


def test_verbose_changes_nothing_else() -> None:
    state, value, _ = CASES["JSONPath"]
    quiet = run(state, value)
    assert quiet.stderr == ""
    assert run(state, value, "-v").stdout == quiet.stdout


def test_events_go_to_a_file_in_the_form_of_the_history() -> None:
    state, value, _ = CASES["retries and catches"]
    result = run(state, value, "--events", "e.jsonl", "--history", "h.json", "-v")
    lines = [json.loads(line) for line in Path("e.jsonl").read_text().splitlines()]
    assert {line.pop("executionArn").rpartition(":")[0] for line in lines} == {
        "arn:aws:states:us-east-1:123456789012:execution:m"
    }
    assert lines == json.loads(Path("h.json").read_text())["events"]
    assert result.stderr.startswith("enter  S\n")


def test_events_go_to_standard_error_line_by_line() -> None:
    state, value, _ = CASES["JSONata"]
    result = run(state, value, "--events", "jsonl")
    assert [json.loads(line)["id"] for line in result.stderr.splitlines()] == list(range(1, 10))
    assert json.loads(result.stdout) == {"n": 1, "to": "me", "paid": 1}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--events", "text"], 'expected "jsonl", for standard error, or the name of a .jsonl file'),
        (["--events", "no/e.jsonl"], '"no/e.jsonl" cannot be written: folder "no" does not exist'),
        (["--events", "jsonl", "-v"], "both write to standard error: pass --events FILE.jsonl"),
    ],
)
def test_wrong_usage(args: list[str], message: str) -> None:
    result = run(*CASES["JSONPath"][:2], *args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_full_disk_costs_the_events_but_not_the_output() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    Path("full.jsonl").symlink_to("/dev/full")
    result = run(*CASES["JSONata"][:2], "--events", "full.jsonl")
    assert (result.exit_code, json.loads(result.stdout)) == (3, {"n": 1, "to": "me", "paid": 1})
    assert result.stderr == (
        'asltool run: --events was not written: "full.jsonl" cannot be used: the disk is full\n'
    )


def test_values_are_folded_to_the_width() -> None:
    assert folded({"a": 1}, 20) == ['{"a": 1}']
    assert folded({"a": "x" * 30, "b": [1]}, 20) == ["{", '  "a": "xxxxxxxxxxx…', '  "b": [1]', "}"]
    assert folded("x" * 30, 10) == ['"xxxxxxxx…']
    many = folded(list(range(1000)), 20)
    assert (len(many), many[1], many[-2:]) == (14, "  0", ["  … 989 more", "]"])


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, ['= {"a": true}']),
        ({"a": 1, "b": {"c": 1, "d": 2}}, {"a": 1, "b": {"c": 3}}, ["~ b.c: 1 -> 3", "- b.d: 2"]),
        ({"a": 1, "x y": 2}, {"a": 1, "z": [1]}, ['- ["x y"]: 2', "+ z: [1]"]),
        ([1, 2], [1, 3, 4], ["~ [1]: 2 -> 3", "+ [2]: 4"]),
        ({"a": 1}, [1], ["= [1]"]),
    ],
)
def test_changes(before: Any, after: Any, lines: list[str]) -> None:
    assert changes(before, after, 60) == lines
