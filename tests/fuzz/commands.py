"""What the kinds of `tests.fuzz` share: commands in this process, and the folder they work in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner

import asltool
from asltool.cli import main

__all__ = [
    "CASES",
    "SAMPLES",
    "SHARED",
    "TASKS",
    "Seed",
    "command",
    "files",
    "json_of",
    "ours",
    "place",
    "write",
]

ROOT = Path(__file__).parent.parent.parent
CASES = ROOT / "tests" / "cases"
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"

TASKS = """\
import asltool

tasks = asltool.Tasks()
calls = []


@tasks.handler("*")
def anything(event, context):
    calls.append(1)
    if len(calls) % 3 == 0:
        raise ValueError("every third")
    return event
"""

Seed = tuple[str, str]
"""(the file's name, its text)"""


def command(*arguments: str, given: str | None = None) -> None:
    """Run a command in this process.

    Raises:
        BaseException: whatever it lets out that is no exit.
    """
    result = CliRunner().invoke(main, arguments, input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1, 2, 3), f"exit status {result.exit_code}"


def files(*patterns: str, folder: Path = ROOT) -> list[Seed]:
    found = sorted(path for pattern in patterns for path in folder.glob(pattern) if path.is_file())
    return [(path.name, path.read_text(encoding="utf-8", errors="replace")) for path in found]


def json_of(name: str) -> Any:
    try:
        return json.loads(Path(name).read_bytes())
    except (ValueError, RecursionError):
        return None


def write(name: str, value: Any) -> None:
    Path(name).write_text(json.dumps(value), encoding="utf-8")


@contextmanager
def ours() -> Iterator[None]:
    """Let asltool's own errors be an answer."""
    try:
        yield
    except asltool.AslToolError:
        return


@contextmanager
def place() -> Iterator[None]:
    """Work in a folder that is there for as long."""
    before = os.getcwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)
