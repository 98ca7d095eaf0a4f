"""The command line as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from asltool import __version__
from asltool.cli import COMMANDS, main


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
