"""How a run ends: what it says of a failure, files beside the output, prints of handlers, signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"
PAY: dict[str, Any] = {"Type": "Task", "Resource": f"{LAMBDA}pay", "End": True}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(definition: dict[str, Any], body: str, *args: str) -> Result:
    """Run a definition whose handler for "pay" has this body."""
    Path("m.asl.json").write_text(json.dumps(definition))
    lines = "import asltool\n\ntasks = asltool.Tasks()\n\n\n@tasks.handler('pay')\ndef pay(event, context):\n"
    Path("tasks.py").write_text(lines + f"    open('ran', 'w').close()\n    {body}\n")
    return CliRunner().invoke(main, ["run", "m.asl.json", "--tasks", "tasks.py", *args])


def machine(**states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def test_a_traceback_is_shown_as_one(here: Path) -> None:
    result = run(machine(Pay=PAY), "return event['missing']", "--input", '{"a": 1}')
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "FAILED\n"
        "error: KeyError\n"
        "cause: 'missing'\n"
        f'         File "{here / "tasks.py"}", line 9, in pay\n'
        "           return event['missing']\n"
        'failed in state "Pay", whose input was\n'
        '       {"a":1}\n'
    )


def test_the_first_child_errors_are_shown(here: Path) -> None:
    refuse = machine(Refuse={"Type": "Fail", "Error": "Row.Bad", "Cause": "column three is empty"})
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **refuse}
    tolerant = {"Type": "Map", "ItemProcessor": processor, "ToleratedFailureCount": 3, "End": True}
    result = run(machine(Each=tolerant), "", "--input", "[1, 2, 3, 4]")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[3:] == [
        'failed in state "Each", whose input was',
        "       [1,2,3,4]",
        '4 of 4 child executions of Map state "Each" failed:',
        *(f'  input {n}, state "Refuse": Row.Bad: column three is empty' for n in (1, 2, 3)),
        "  … and 1 more. to see all, add a ResultWriter to the Map (FAILED_0.json), or read run.map_runs in "
        "Python",
    ]


def test_the_page_of_a_failed_run_shows_child_errors_and_tracebacks(here: Path) -> None:
    work = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **machine(Pay=PAY)}
    body = "raise asltool.TaskFailed('Row.Bad', 'column three is empty')"
    run(
        machine(Each={"Type": "Map", "ItemProcessor": work, "End": True}),
        body,
        "--input",
        "[1]",
        "--diagram",
        "a.html",
    )
    assert 'input 1, state \\"Pay\\": Row.Bad: column three is empty' in Path("a.html").read_text(
        encoding="utf-8"
    )
    run(machine(Pay=PAY), "return event['missing']", "--diagram", "b.html")
    assert ", line 9, in pay\\n    return event['missing']" in Path("b.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("option", ["--history", "--diagram", "--record"])
def test_a_file_that_cannot_be_written_is_refused_before_the_first_task(here: Path, option: str) -> None:
    result = run(machine(Pay=PAY), "return 1", option, "out/run.html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f'asltool run: {option}: "out/run.html" cannot be written: folder "out" does not exist\n'
    )
    assert not Path("ran").exists()


@pytest.mark.parametrize(("body", "status"), [("return 1", 3), ("raise asltool.TaskFailed('No')", 1)])
def test_a_file_that_fails_after_the_run_loses_nothing(here: Path, body: str, status: int) -> None:
    # The task takes the folder away that was there when the run began.
    Path("out").mkdir()
    result = run(machine(Pay=PAY), f"import os; os.rmdir('out'); {body}", "--history", "out/h.json")
    assert result.exit_code == status
    assert result.stdout == ("1\n" if status == 3 else "")
    assert result.stderr.endswith(
        'asltool run: --history was not written: "out/h.json" does not exist, and neither does folder "out"\n'
    )


def test_a_recording_that_cannot_go_on_does_not_end_the_run(here: Path) -> None:
    body = "import os; os.remove('out/r'); os.mkdir('out/r'); return 1"
    Path("out").mkdir()
    result = run(machine(Pay=PAY), body, "--record", "out/r")
    assert (result.exit_code, result.stdout) == (3, "1\n")
    assert result.stderr == 'asltool run: --record was not written: "out/r" cannot be used: it is a folder\n'


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_named_with_its_file(here: Path) -> None:
    result = run(machine(Pay=PAY), "return 1", "--record", "/dev/full")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'asltool run: "/dev/full" cannot be used: the disk is full\n'


def test_what_handlers_print_is_no_part_of_the_output(here: Path) -> None:
    Path("m.asl.json").write_text(json.dumps(machine(Pay=PAY)))
    Path("app.py").write_text(
        "import os, subprocess, sys\n\nprint('imported')\n\n\n"
        "def pay(event, context):\n"
        "    print('printed \u2192')\n"
        "    os.write(1, b'written\\n')\n"
        "    subprocess.run([sys.executable, '-c', 'print(\"by a program\")'], check=True)\n"
        "    return {'way': '\u2192 \U0001f600', 'half': '\\ud83d'}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "asltool",
            "run",
            "m.asl.json",
            "--lambda",
            "pay=app.py:pay",
            "--history",
            "h.json",
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.stdout == '{\n  "way": "\\u2192 \\ud83d\\ude00",\n  "half": "\\ud83d"\n}\n'
    assert sorted(done.stderr.splitlines()) == ["by a program", "imported", "printed \\u2192", "written"]
    events = json.loads(Path("h.json").read_text(encoding="utf-8"))["events"]
    assert json.loads(events[-1]["executionSucceededEventDetails"]["output"])["half"] == "\ud83d"


@pytest.fixture
def caught() -> Iterator[None]:
    """Catch Ctrl-C also where the suite runs in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("number", "status", "name"), [("SIGINT", 130, "Ctrl-C"), ("SIGTERM", 143, "SIGTERM")]
)
def test_a_signal_ends_a_run_in_order(here: Path, number: str, status: int, name: str, caught: None) -> None:
    body = f"import os, signal; os.kill(os.getpid(), signal.{number})"
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    states = {"First": {"Type": "Pass", "Next": "Slow work"}, "Slow work": PAY}
    result = run(machine(**states), body, "--input", "[7]", "--history", "h.json")
    assert (result.exit_code, result.stdout) == (status, "")
    assert result.stderr == (
        f'asltool run: stopped by {name}\nwas in state "Slow work", whose input was\n       [7]\n'
    )
    events = json.loads(Path("h.json").read_text())["events"]
    assert [events[0]["type"], events[-1]["type"]] == ["ExecutionStarted", "ExecutionAborted"]
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before


def test_all_missing_handlers_are_reported_before_the_first_task(here: Path) -> None:
    states: dict[str, Any] = {
        "A": {**PAY, "Next": "B"},
        "B": {"Type": "Task", "Resource": f"{LAMBDA}payy", "Next": "C"},
        "C": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "tell-all"},
            "Next": "D",
        },
        "D": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName.$": "$.function"},
            "End": True,
        },
    }
    del states["A"]["End"]
    result = run(machine(**states), "return 1")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "asltool run: no handler for 2 tasks:\n"
        f'  state "B": "{LAMBDA}payy". did you mean the handler "pay"?\n'
        '  state "C": "arn:aws:states:::lambda:invoke"\n'
        "add\n\n"
        '    @tasks.handler("payy")\n    def payy(event, context): ...\n\n'
        '    @tasks.handler("tell-all")\n    def tell_all(event, context): ...\n\n'
        "or use the function of a Lambda project: --lambda 'payy=app.py:lambda_handler', "
        "--sam template.yaml (integrations=[asltool.LambdaFunctions(...)])\n\n"
        "or run it on AWS: --aws (integrations=[asltool.Aws()])\n"
    )
    assert not Path("ran").exists()


def test_a_definition_on_standard_input(here: Path) -> None:
    text = json.dumps(machine(S={"Type": "Pass", "End": True}))
    result = CliRunner().invoke(main, ["run", "-", "--input", "5"], input=text)
    assert (result.exit_code, result.stdout) == (0, "5\n")
    both = CliRunner().invoke(main, ["run", "-", "--input", "-"], input=text)
    assert (both.exit_code, both.stdout) == (2, "")
    assert "standard input can be read only once" in both.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings_of_an_input(here: Path, encoding: str) -> None:
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    Path("in.json").write_bytes((mark + '{"a": "\u00e9\U0001f600"}').encode(encoding))
    result = run(machine(S={"Type": "Pass", "End": True}), "", "--input", "@in.json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"a": "\u00e9\U0001f600"})


def test_half_a_surrogate_pair_passes_through_and_fails_only_in_jsonata(here: Path) -> None:
    invoke = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "OutputPath": "$.Payload"}
    states: dict[str, Any] = {"Pay": {**invoke, "Parameters": {"FunctionName": "pay"}, "End": True}}
    passed = run(machine(**states), "return {'a': '\\ud83d'}")
    assert (passed.exit_code, passed.stdout) == (0, '{\n  "a": "\\ud83d"\n}\n')
    del states["Pay"]["End"]
    states["Pay"]["Next"] = "Read"
    states["Read"] = {
        "Type": "Pass",
        "QueryLanguage": "JSONata",
        "Output": "{% $states.input.a & 'x' %}",
        "End": True,
    }
    failed = run(machine(**states), "return {'a': '\\ud83d'}")
    assert (failed.exit_code, failed.stdout) == (1, "")
    assert "error: States.QueryEvaluationError\n" in failed.stderr
    assert "half of a surrogate pair is not a character" in failed.stderr


def test_an_input_in_another_encoding(here: Path) -> None:
    Path("in.json").write_bytes(b'{"a": "\xe9"}')
    result = run(machine(S={"Type": "Pass", "End": True}), "", "--input", "@in.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "asltool run: in.json is not UTF-8: byte 7 cannot be read\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_the_history_is_written_where_the_output_cannot_be(here: Path) -> None:
    Path("m.asl.json").write_text(json.dumps(machine(Done={"Type": "Succeed"})))
    run = [sys.executable, "-m", "asltool", "run", "m.asl.json", "--history", "h.json"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(run, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.stderr == "asltool: standard output cannot be written: the disk is full\n"
    assert done.returncode == 3
    assert json.loads(Path("h.json").read_text())["events"][-1]["type"] == "ExecutionSucceeded"


@pytest.mark.parametrize(
    ("command", "escaped"),
    [
        (["eval", "--jsonpath", "$", "--input", '"é😀"'], b'"\\u00e9\\ud83d\\ude00"'),
        (["validate", "é.asl.json", "--format", "json"], b'"\\u00e9.asl.json'),
        (["validate", "é.asl.json", "--format", "junit"], b'"&#233;.asl.json"'),
    ],
    ids=["eval", "JSON", "JUnit"],
)
def test_data_is_ascii_where_a_pipe_is_not_utf_8(command: list[str], escaped: bytes, here: Path) -> None:
    """JSON and XML are UTF-8 for whoever reads them; ASCII is the same in every encoding."""
    Path("é.asl.json").write_text("{}")
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    run = [sys.executable, "-m", "asltool", *command]
    done = subprocess.run(run, check=False, env=environment, stdout=subprocess.PIPE)
    assert escaped in done.stdout
    assert done.stdout.isascii()
