"""docs/mocks.md is true: its file, its commands and its Python do what the page says."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from asltool.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "mocks.md").read_text("utf-8")
COMMANDS = [
    (shlex.split(command), output)
    for command, output in re.findall(r"^\$ asltool (.*)\n((?:(?!\$ |```).*\n)*)", PAGE, re.M)
    if "samples/" in command
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_mock_configuration(folder: Path) -> None:
    config = re.findall(r"^```json\n(.*?)^```$", PAGE, re.M | re.S)[0]
    (folder / "mocks.json").write_text(config)
    command, output = COMMANDS[0]
    assert CliRunner().invoke(main, command).stdout == output


def test_the_recording(folder: Path) -> None:
    recorded, replayed = (CliRunner().invoke(main, command) for command, _ in COMMANDS[1:])
    assert (recorded.exit_code, replayed.exit_code) == (0, 0)
    assert recorded.stdout == replayed.stdout


def test_the_script_in_python(folder: Path) -> None:
    code = next(code for code in re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S) if "assert" in code)
    exec(code, {})
