"""Pauses before states: what is shown and typed there, on a terminal of their own too."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

import asltool
from asltool.cli import main
from asltool.cli.outcome import Witness
from asltool.cli.progress import ProgressBar
from asltool.cli.step_options import StepOptions
from asltool.cli.stepping import Quit, Shown
from asltool.cli.trace import Trace
from asltool.errors import NoHandler
from asltool.integrations.handlers import Handlers

CASES = yaml.safe_load((Path(__file__).parent.parent / "cases/cli/stepping.yaml").read_text(encoding="utf-8"))
RESOURCE = "arn:aws:lambda:us-east-1:123456789012:function:"
HANDLERS = Handlers({"f": lambda event, context: event * 2})
TASK = {"Type": "Task", "Resource": f"{RESOURCE}f", "End": True}


def machine(states: dict[str, Any]) -> asltool.Machine:
    text = json.dumps({"StartAt": next(iter(states)), "States": states})
    for name in "fg":
        text = text.replace(f'"Resource": "{name}"', f'"Resource": "{RESOURCE}{name}"')
    return asltool.loads(text)


def typed(lines: list[str]) -> Callable[[], str]:
    left = iter(lines)

    def ask() -> str:
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return ask


def run(
    of: asltool.Machine, value: Any, lines: list[str], *breaks: str, **options: Any
) -> tuple[asltool.Run, list[str]]:
    trace = Trace(ProgressBar(lambda: 0.0, terminal=False), skips=True)
    changed: list[str] = []
    steps = StepOptions(not breaks, breaks)
    witness = Witness(trace)
    doers = steps.ready(of, [HANDLERS], Shown(witness.catch_up, 80, changed), typed(lines))
    ran = of.run(
        value,
        integrations=doers,
        seed=0,
        clock=asltool.VirtualClock(0),
        watch=witness,
        **options,
    )
    return ran, changed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_pauses(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    ran, changed = run(machine(case["states"]), case.get("input", {}), case["typed"], *case.get("breaks", []))
    assert capsys.readouterr().err.splitlines() == case["shown"]
    assert changed == case.get("changed", [])
    assert (ran.output if ran.status == "SUCCEEDED" else ran.error) == case["end"]


@pytest.mark.parametrize(
    ("resource", "line", "answer"),
    [
        (f"{RESOURCE}f", "skip 5", lambda event, context: 5),
        ("arn:aws:states:::glue:startJobRun.sync", "skip 5", lambda event, context: 5),
        ("arn:aws:states:us-east-1:123456789012:activity:f", "skip 5", lambda event, context: 5),
        (f"{RESOURCE}f", "fail Bad very", None),
        ("arn:aws:states:::glue:startJobRun.sync", "fail Bad very", None),
    ],
)
def test_the_history_is_that_of_a_run_with_this_outcome(
    resource: str, line: str, answer: Callable[[Any, Any], Any] | None
) -> None:
    def fail(event: Any, context: Any) -> Any:
        raise asltool.TaskFailed("Bad", "very")

    states = {"A": {"Type": "Task", "Resource": resource, "Parameters": {"n": 1}, "End": True}}
    stepped, _ = run(machine(states), {}, [line])
    tasks = {"A": answer or fail}
    plain = machine(states).run({}, tasks=tasks, seed=0, clock=asltool.VirtualClock(0))
    assert stepped.history == plain.history


def test_an_input_is_in_the_history() -> None:
    ran, _ = run(machine({"A": TASK}), 1, ["input 4", "c"])
    entered = next(event for event in ran.history if event["type"] == "TaskStateEntered")
    assert entered["stateEnteredEventDetails"] == {
        "name": "A",
        "input": "4",
        "inputDetails": {"truncated": False},
    }
    assert ran.output == 8


def test_a_large_input_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    large = json.dumps("x" * 262_144)
    run(machine({"A": {"Type": "Pass", "End": True}}), 1, [f"input {large}", "c"])
    assert "       this is larger than 256 KiB of JSON, the service's limit\n" in capsys.readouterr().err
    ran, _ = run(machine({"A": {"Type": "Pass", "End": True}}), 1, [f"input {large}", "c"], limits=False)
    assert ran.output == "x" * 262_144


@pytest.mark.parametrize("lines", [["c", "quit"], ["c"]])
def test_quit(lines: list[str]) -> None:
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": True}}
    with pytest.raises(Quit, match=r'^quit before state "B"$') as raised:
        run(machine(states), {}, lines)
    assert raised.value.status == 1


def test_tasks_without_a_handler() -> None:
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Task", "Resource": "g", "End": True}}
    assert run(machine(states), {}, ["c", "skip 1"])[0].output == 1
    with pytest.raises(NoHandler):
        run(machine(states), {}, ["c", "skip 1"], "A")


def test_a_state_that_does_not_exist() -> None:
    with pytest.raises(click.UsageError) as raised:
        run(machine({"Charge": TASK}), {}, [], "charge")
    assert raised.value.message == '--break: there is no state "charge". did you mean "Charge"?'


@pytest.mark.parametrize("option", [["--step"], ["--break", "A"]])
def test_without_a_terminal(tmp_path: Path, option: list[str]) -> None:
    file = tmp_path / "m.asl.json"
    file.write_text(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}))
    result = CliRunner().invoke(main, ["run", str(file), *option])
    assert result.exit_code == 2
    assert (
        f"Error: {option[0]} needs a terminal. standard input or standard error is not one" in result.stderr
    )


@pytest.mark.parametrize("others", [["--name", "n"], ["--processes", "2"], ["--events", "jsonl"]])
def test_what_does_not_go_with_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: list[str]
) -> None:
    file = tmp_path / "m.asl.json"
    file.write_text(json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}))
    monkeypatch.setattr("asltool.cli.step_options.has_terminal", lambda: True)
    result = CliRunner().invoke(main, ["run", str(file), "--step", *others])
    assert result.exit_code == 2
    named = " ".join(others) if "jsonl" in others else others[0]
    assert f"Error: --step does not work with {named}. remove one of them" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal(tmp_path: Path) -> None:
    states = {"A": TASK, "B": {"Type": "Pass", "End": True}}
    states["A"] = {**TASK, "Next": "B"}
    del states["A"]["End"]
    (tmp_path / "m.asl.json").write_text(json.dumps({"StartAt": "A", "States": states}))
    status, shown, output = on_terminal(
        tmp_path,
        ["run", "m.asl.json", "--step", "--history", "h.json"],
        ["skip 41", "$", "quit\x7f\x7f\x7f\x7finput 42", ""],
    )
    assert status == 0
    assert output == "42\n"
    assert shown.count("(step) ") == 4
    assert 'changed by hand: result of "A"; input of "B"' in shown
    assert len(json.loads((tmp_path / "h.json").read_text())["events"]) > 0
    status, shown, output = on_terminal(tmp_path, ["run", "m.asl.json", "--step"], ["skip 41", "\x04"])
    assert (status, output) == (1, "")
    assert 'asltool run: quit before state "B"' in shown


def on_terminal(folder: Path, args: list[str], lines: list[str]) -> tuple[int, str, str]:
    """Run a command on a terminal, type a line at each prompt; return status, what is shown, and output."""
    import pty

    output = folder / "output"
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover - another process
        os.chdir(folder)
        os.environ["TERM"] = "dumb"
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.execv(sys.executable, [sys.executable, "-m", "asltool", *args])
    shown, answered = "", 0
    try:
        while data := os.read(terminal, 65_536):
            shown += data.decode()
            while shown.count("(step) ") > answered:
                line = lines[answered]
                os.write(terminal, line.encode() if line == "\x04" else f"{line}\n".encode())
                answered += 1
    except OSError:  # Linux reports the end like this
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.replace("\r", ""), output.read_text()
