"""What ``doctor`` finds: parts that work, parts that are missing, parts that are broken."""

from __future__ import annotations

import json
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from asltool.cli import installed, main
from asltool.cli.installed import EXTRAS

SETTINGS = Path(__file__).parents[2] / "setup.cfg"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, the only one there is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def doctor() -> tuple[int, dict[str, dict[str, Any]]]:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    return result.exit_code, {part["name"]: part for part in json.loads(result.stdout)["parts"]}


def test_what_is_missing_is_no_fault(programs: Path) -> None:
    status, parts = doctor()
    assert status == 0
    assert (parts["Graphviz"]["status"], parts["Graphviz"]["found"]) == ("missing", 'no program "dot"')
    assert (parts["Node.js"]["status"], parts["fonts"]["status"]) == ("missing", "missing")
    lines = CliRunner().invoke(main, ["doctor"]).stdout.splitlines()
    assert lines[-2] == (
        'missing  Node.js    no program "node" (Lambda functions in JavaScript). install Node.js 18 or later'
    )


def test_programs_that_work(programs: Path) -> None:
    program(programs, "dot", "echo 'dot - graphviz version 9.0' >&2")
    program(programs, "node", "echo v22.1.0")
    program(programs, "fc-list", "echo Serif; echo Sans; echo Sans")
    status, parts = doctor()
    assert status == 0
    found = [parts[name]["found"] for name in ("Graphviz", "Node.js", "fonts")]
    assert found == ["dot - graphviz version 9.0", "v22.1.0", "2 font families"]


def test_a_program_that_does_not_work(programs: Path) -> None:
    program(programs, "node", "exit 127")
    status, parts = doctor()
    assert (status, parts["Node.js"]["status"]) == (1, "broken")
    assert parts["Node.js"]["found"] == f'"{programs / "node"}" ended with status 127'


def test_a_node_that_is_too_old(programs: Path) -> None:
    program(programs, "node", "echo v16.20.2")
    status, parts = doctor()
    assert (status, parts["Node.js"]["status"]) == (1, "broken")
    assert parts["Node.js"]["found"] == "v16.20.2 is too old"


@pytest.mark.parametrize(
    ("module", "status", "found"),
    [
        ("httpx", "ok", None),
        ("no_such_module", "broken", "httpx cannot be imported: No module named 'no_such_module'"),
    ],
)
def test_an_extra(
    module: str, status: str, found: str | None, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(installed.EXTRAS, "http", EXTRAS["http"]._replace(modules={"httpx": module}))
    code, parts = doctor()
    assert (code, parts["http"]["status"]) == (int(status == "broken"), status)
    assert found is None or parts["http"]["found"] == found


def test_an_extra_that_is_not_installed(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRAS, "http", EXTRAS["http"]._replace(modules={"no-such-package": "os"}))
    code, parts = doctor()
    assert (code, parts["http"]["status"]) == (0, "missing")
    assert parts["http"]["found"] == "no-such-package not installed"
    assert parts["http"]["get"] == 'pip install "asltool[http]"'


def test_the_extras_are_those_of_the_package() -> None:
    settings = ConfigParser()
    settings.read(SETTINGS, encoding="utf-8")
    extras = {
        name: {line.split()[0] for line in text.splitlines() if line}
        for name, text in settings["options.extras_require"].items()
        if name != "dev"
    }
    assert {name: set(extra.modules) for name, extra in EXTRAS.items()} == extras
