"""The README is true: its commands are run, and print what it says they print."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.test_conformance import AGREED
from tests.docs.pages import Page

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

SESSIONS = [
    (command, output)
    for block in Page("README.md").blocks
    if block.kind == "console" and block.not_run is None
    for command, output in re.findall(r"^\$ (.*\n)((?:(?!\$ ).*\n)*)", block.text, re.M)
]


def runnable(command: str) -> str:
    """Leave out what installs: the suite runs where asltool is installed already."""
    return " && ".join(part for part in command.strip().split(" && ") if not part.startswith("pip install "))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "samples", folder / "samples")
    return folder


@pytest.mark.parametrize(("command", "output"), SESSIONS, ids=[command for command, _ in SESSIONS])
def test_a_command_prints_what_the_readme_says(command: str, output: str, checkout: Path) -> None:
    if runnable(command) == "python -m tests":
        pytest.skip("that is what is running")
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        runnable(command),
        shell=True,
        cwd=checkout,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.stdout == output


def test_the_python_example_runs(checkout: Path) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", README, re.M | re.S)
    subprocess.run([sys.executable, "-c", code], cwd=checkout, check=True)


def test_the_readme_is_short_and_begins_with_a_command() -> None:
    lines = README.splitlines()
    assert len(lines) <= 140
    assert any(line.startswith("$ ") for line in lines[:30])


def test_its_figures_are_those_that_the_suite_holds() -> None:
    claim = re.search(r"of (\d+) executions recorded .*?ends (\d+) .*?and (\d+) ", README, re.S)
    assert claim is not None
    assert [int(figure) for figure in claim.groups()] == [AGREED[name] for name in ("cases", "result", "ids")]


def test_its_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)", README):
        assert (ROOT / link).exists(), link


def test_the_two_set_up_commands_are_there() -> None:
    commands = [command.strip() for command, _ in SESSIONS if command.startswith("pip install ")]
    assert len(commands) == 2
    assert commands[1] == "pip install -c constraints.txt -e '.[dev]' && python -m tests"
