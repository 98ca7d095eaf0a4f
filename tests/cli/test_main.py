"""The command line as a whole."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from asltool import __version__
from asltool.cli import COMMANDS, main

ASLTOOL = [sys.executable, "-m", "asltool"]


@pytest.mark.parametrize(
    "command", [["asltool"], [sys.executable, "-m", "asltool"]], ids=["script", "module"]
)
def test_the_version(command: list[str]) -> None:
    if command == ["asltool"]:
        result = CliRunner().invoke(main, ["--version"], prog_name="asltool")
        assert result.stdout == f"asltool {__version__}\n"
    else:
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
        assert done.stdout == f"asltool {__version__}\n"


def test_help_lists_every_command() -> None:
    text = CliRunner().invoke(main, ["--help"]).stdout
    assert all(name in text for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_there_and_explains_itself(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    assert f"Usage: main {name}" in result.stdout
    assert "Examples:" in result.stdout
    assert "Exit status:" in result.stdout


def test_an_unknown_command_is_wrong_usage() -> None:
    result = CliRunner().invoke(main, ["vaildate"])
    assert result.exit_code == 2
    assert 'unknown command "vaildate". did you mean "validate"?' in result.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(
    "command",
    [["--help"], ["rules"], ["eval", "--jsonpath", "$"], ["schema"]],
    ids=["help", "rules", "eval", "schema"],
)
def test_a_full_standard_output(command: list[str]) -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*ASLTOOL, *command], check=False, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.stderr == "asltool: standard output cannot be written: the disk is full\n"
    assert done.returncode == 3


@pytest.mark.skipif(os.name == "nt", reason="needs a shell that can close streams")
def test_closed_standard_streams(tmp_path: Path) -> None:
    (tmp_path / "m.asl.json").write_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}')
    run = [*ASLTOOL, "run", "m.asl.json", "--input", "-", "--history", "h.json"]
    closed = ["sh", "-c", f"{shlex.join(run)} <&- >&- 2>err"]
    done = subprocess.run(closed, check=False, cwd=tmp_path)
    assert (tmp_path / "err").read_text().splitlines()[-1] == (
        "asltool run: standard input is not JSON: Expecting value: line 1 column 1 (char 0)"
    )
    assert done.returncode == 2
    done = subprocess.run(["sh", "-c", f"echo 5 | {shlex.join(run)} >&- 2>&-"], check=False, cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads((tmp_path / "h.json").read_text())["events"][-1]["type"] == "ExecutionSucceeded"
