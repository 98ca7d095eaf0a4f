"""What shells are offered, and the scripts that ask for it."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from asltool.cli import COMMANDS, GROUPS, main
from asltool.rules.catalogue import CATALOGUE


def offered(*args: str, incomplete: str = "") -> list[tuple[str, str]]:
    items = BashComplete(main, {}, "asltool", "_ASLTOOL_COMPLETE").get_completions(list(args), incomplete)
    return [(item.type, item.value) for item in items]


def plain(*values: str) -> list[tuple[str, str]]:
    return [("plain", value) for value in values]


def test_commands_and_options() -> None:
    assert offered() == plain(*COMMANDS)
    assert offered(incomplete="va") == plain("validate")
    assert offered("run", incomplete="--ev") == plain("--events")
    assert offered("no-such-command", "x", incomplete="--") == plain("--version", "--help")


def test_rules() -> None:
    assert offered("rules") == plain(*CATALOGUE)
    assert offered("rules", incomplete="unreachable-s") == plain("unreachable-state")
    wanted = plain("end-missing,unreachable-state")
    assert offered("validate", "--select", incomplete="end-missing,unreachable-s") == wanted
    assert offered("validate", "--ignore", incomplete="unreachable-s") == plain("unreachable-state")


def test_files() -> None:
    assert offered("run") == [("file", "")]
    assert offered("run", "--history", incomplete="a") == [("file", "a")]


def test_states(tmp_path: Path) -> None:
    inner = {"StartAt": "Inside", "States": {"Inside": {"Type": "Pass", "End": True}}}
    each = {"Type": "Map", "ItemProcessor": inner, "Next": "Nowhere"}
    file = tmp_path / "m.asl.json"
    file.write_text(json.dumps({"StartAt": "In and out", "States": {"In and out": each}}))
    names = plain("In and out", "Inside")
    assert offered("test-state", str(file), "--state-name") == names
    assert offered("test-state", str(file), "--state-name", incomplete="Ins") == plain("Inside")
    assert offered("run", str(file), "--break", incomplete="In") == names
    assert offered("run", str(file), "--step", "--break", "Inside", "--break", incomplete="Ins") == names[1:]
    file.write_text("{")
    assert offered("test-state", str(file), "--state-name") == []
    assert offered("test-state", "--state-name") == offered("test-state", "-", "--state-name") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_call_asltool(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert f"_ASLTOOL_COMPLETE={shell}_complete" in result.stdout
    program = shutil.which(shell)
    if program is not None:
        subprocess.run([program, "-n"], input=result.stdout, text=True, check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_keeps_a_name_with_spaces_in_one_piece(tmp_path: Path) -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout
    program = tmp_path / "asltool"
    program.write_text("#!/bin/sh\necho 'plain,In and out'\necho plain,Inside\n")
    program.chmod(0o755)
    asked = f"""
    compopt() {{ printf 'compopt %s %s\\n' "$@"; }}
    COMP_WORDS=(asltool test-state m --state-name In) COMP_CWORD=4
    _asltool_completion {program}
    printf '<%s>\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script + asked],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "compopt -o filenames\n<In and out>\n<Inside>\n"


def test_help_lists_commands_in_groups() -> None:
    lines = CliRunner().invoke(main, ["--help"]).stdout.splitlines()
    headings = [line.removesuffix(":") for line in lines if line.endswith(":") and line[0] != " "]
    assert headings == ["Options", *GROUPS]
