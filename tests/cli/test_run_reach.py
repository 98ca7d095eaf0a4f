"""The options of ``asltool run`` that say who does tasks in process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:"


def write(folder: Path, name: str = "m", **state: Any) -> str:
    path = folder / f"{name}.asl.json"
    path.write_text(json.dumps({"StartAt": "S", "States": {"S": {"End": True, **state}}}))
    return str(path)


def invoke(*args: str) -> Result:
    return CliRunner().invoke(main, ["run", *args])


def handlers(path: Path, pattern: str) -> str:
    path.write_text(
        f"import asltool\ntasks = asltool.Tasks()\n"
        f'@tasks.handler("{pattern}")\ndef handle(event, context): return "{path.stem}"\n'
    )
    return str(path)


def test_several_tasks_are_asked_in_order(tmp_path: Path) -> None:
    one = handlers(tmp_path / "asltool_test_one.py", "f")
    two = handlers(tmp_path / "asltool_test_two.py", "*")
    f, g = (write(tmp_path, name, Type="Task", Resource=LAMBDA + name) for name in "fg")
    assert invoke(f, "--tasks", one, "--tasks", two).stdout == '"asltool_test_one"\n'
    assert invoke(g, "--tasks", one, "--tasks", two).stdout == '"asltool_test_two"\n'
    assert invoke(f, "--tasks", two, "--tasks", one).stdout == '"asltool_test_two"\n'


def test_functions_of_a_lambda_project(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def lambda_handler(event, context): return context.function_name")
    (tmp_path / "template.yaml").write_text(
        "Resources:\n  Charge:\n    Type: AWS::Serverless::Function\n"
        "    Properties: {CodeUri: ., Handler: app.lambda_handler, Runtime: python3.13}\n"
    )
    machine = write(tmp_path, Type="Task", Resource=LAMBDA + "Charge")
    assert invoke(machine, "--lambda", f"Charge={tmp_path / 'app.py'}:lambda_handler").stdout == '"Charge"\n'
    assert invoke(machine, "--sam", str(tmp_path / "template.yaml")).stdout == '"Charge"\n'


def test_another_state_machine(tmp_path: Path) -> None:
    child = write(tmp_path, "child", Type="Pass", Result=42)
    arn = "arn:aws:states:us-east-1:123456789012:stateMachine:child"
    start = {
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": arn},
    }
    parent = write(tmp_path, "parent", Type="Task", OutputPath="$.Output", **start)
    assert invoke(parent, "--machine", f"child={child}").stdout == "42\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--tasks", "nowhere.py"], "asltool run: nowhere.py does not exist\n"),
        (
            ["--lambda", "f"],
            'asltool run: invalid function "f". expected NAME=path/to/app.py:lambda_handler '
            "or NAME=path/to/index.mjs:handler\n",
        ),
        (["--machine", "f"], 'Error: "f" is not a state machine. expected NAME=FILE\n'),
        (["--machine", "f={m}", "--machine", "f={m}"], 'Error: --machine names "f" twice\n'),
        (["--connections", "{m}"], "m.asl.json:1:13: StartAt: expected an object, not a string\n"),
    ],
)
def test_wrong_usage(tmp_path: Path, args: list[str], message: str) -> None:
    machine = write(tmp_path, Type="Pass")
    result = invoke(machine, *(arg.format(m=machine) for arg in args))
    assert result.exit_code == 2
    assert message in result.stderr


def test_http_is_for_those_who_ask(tmp_path: Path) -> None:
    request = {"ApiEndpoint": "http://127.0.0.1:9", "Method": "GET"}
    machine = write(tmp_path, Type="Task", Resource="arn:aws:states:::http:invoke", Parameters=request)
    refused = invoke(machine)
    assert refused.exit_code == 2
    assert "--http" in refused.stderr
    sent = invoke(machine, "--http")
    assert sent.exit_code == 1
    assert "error: States.Http.Socket\n" in sent.stderr
