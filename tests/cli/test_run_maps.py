"""``asltool run`` on distributed Maps: S3, names, going on, processes, and what is shown."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main

TASKS = """
import os
import signal
from pathlib import Path

import asltool

tasks = asltool.Tasks()
HERE = Path(__file__).parent


@tasks.handler("double")
def double(event, context):
    if (HERE / "kill").exists() and event["n"] == "3":
        os.kill(os.getpid(), signal.SIGKILL)
    with (HERE / "calls").open("a") as file:
        file.write(event["n"])
    if (HERE / "fail").exists() and event["n"] == "3":
        raise ValueError("three")
    return int(event["n"]) * 2
"""

MAP: dict[str, Any] = {
    "Type": "Map",
    "MaxConcurrency": 1,
    "ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "JSON"},
        "Parameters": {"Bucket": "in", "Key": "numbers.json"},
    },
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Double",
        "States": {
            "Double": {
                "Type": "Task",
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:double",
                "End": True,
            }
        },
    },
    "End": True,
}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a machine, its tasks and its buckets; the current one."""
    monkeypatch.chdir(tmp_path)
    for bucket in ("in", "out"):
        (tmp_path / "s3" / bucket).mkdir(parents=True)
    numbers = [{"n": number} for number in "1234"]
    (tmp_path / "s3" / "in" / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")
    (tmp_path / "tasks.py").write_text(TASKS, encoding="utf-8")
    machine = {"StartAt": "Each", "States": {"Each": MAP}}
    (tmp_path / "each.asl.json").write_text(json.dumps(machine), encoding="utf-8")
    return tmp_path


def invoke(*options: str) -> Result:
    return CliRunner().invoke(main, ["run", "each.asl.json", "--tasks", "tasks.py", *options])


def test_items_come_from_a_folder(place: Path) -> None:
    result = invoke("--s3", "s3", "--progress")
    assert json.loads(result.stdout) == [2, 4, 6, 8]
    lines = result.stderr.splitlines()
    assert (lines[0], lines[-1]) == ("enter  Each", "leave  Each")
    assert lines[1].startswith("map    Each  [########################] 4 of 4, SUCCEEDED")


def test_without_a_folder_there_is_no_s3(place: Path) -> None:
    result = invoke()
    assert result.exit_code == 2
    assert 'an ItemReader has the Resource "arn:aws:states:::s3:getObject"' in result.stderr


def test_a_run_that_was_killed_goes_on(place: Path) -> None:
    (place / "kill").touch()
    command = [sys.executable, "-m", "asltool", "run", "each.asl.json", "--tasks", "tasks.py", "--s3", "s3"]
    package = {"PYTHONPATH": str(Path(__file__).parent.parent.parent)}
    killed = subprocess.run([*command, "--name", "n"], env={**os.environ, **package}, check=False)
    assert killed.returncode == -signal.SIGKILL
    (place / "kill").unlink()
    refused = invoke("--s3", "s3", "--name", "n")
    assert (refused.exit_code, refused.stderr) == (
        2,
        'asltool run: execution "n" was not finished. resume it, or take another name\n',
    )
    result = invoke("--s3", "s3", "--name", "n", "--resume")
    assert json.loads(result.stdout) == [2, 4, 6, 8]
    assert (place / "calls").read_text(encoding="utf-8") == "1234"
    assert list((place / ".asltool" / "each").iterdir()) == []


def test_a_run_that_failed_is_redriven(place: Path) -> None:
    (place / "fail").touch()
    assert invoke("--s3", "s3", "--name", "n", "--state-dir", "kept").exit_code == 1
    (place / "fail").unlink()
    result = invoke("--s3", "s3", "--name", "n", "--state-dir", "kept", "--redrive", "--history", "h.json")
    assert json.loads(result.stdout) == [2, 4, 6, 8]
    assert (place / "calls").read_text(encoding="utf-8") == "12334"
    events = json.loads((place / "h.json").read_text(encoding="utf-8"))["events"]
    assert [event["type"] for event in events][-6:-4] == ["ExecutionRedriven", "MapRunRedriven"]


def test_only_iterations_that_did_not_succeed_are_redriven(place: Path) -> None:
    (place / "fail").touch()
    processor = {**MAP["ItemProcessor"], "ProcessorConfig": {"Mode": "INLINE"}}
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": processor, "End": True}
    Path("each.asl.json").write_text(json.dumps({"StartAt": "Each", "States": {"Each": each}}), "utf-8")
    given = ("--input", json.dumps([{"n": number} for number in "234"]), "--name", "n")
    assert invoke(*given).exit_code == 1
    (place / "fail").unlink()
    result = invoke(*given, "--redrive", "--history", "h.json")
    assert json.loads(result.stdout) == [4, 6, 8]
    assert (place / "calls").read_text(encoding="utf-8") == "2334"
    events = json.loads((place / "h.json").read_text(encoding="utf-8"))["events"]
    types = [event["type"] for event in events]
    assert types[types.index("ExecutionRedriven") + 1] == "LambdaFunctionScheduled"


def test_processes_make_their_own_handlers(place: Path) -> None:
    result = invoke("--s3", "s3", "--processes", "1")
    assert json.loads(result.stdout) == [2, 4, 6, 8]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--resume"], "--resume needs --name, the name of the execution"),
        (["--redrive"], "--redrive needs --name, the name of the execution"),
        (["--state-dir", "kept"], "--state-dir needs --name, the name of the execution"),
        (
            ["--name", "n", "--resume", "--redrive"],
            "--resume continues an unfinished execution, --redrive",
        ),
        (["--processes", "2", "--record", "r.json"], "--record does not work with --processes"),
    ],
)
def test_options_go_together(place: Path, options: list[str], message: str) -> None:
    result = invoke(*options)
    assert result.exit_code == 2
    assert message in result.stderr
