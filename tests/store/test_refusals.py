"""A store that cannot be used ends a named run with one clear error, and what was committed stays."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.store import ExecutionRow, open_store, schema

resource = pytest.importorskip("resource")

TASKS = """
from pathlib import Path

import asltool

tasks = asltool.Tasks()


@tasks.handler("grow")
def grow(event, context):
    with Path("calls").open("a") as file:
        file.write("x")
    return "x" * 40_000
"""

STATES = 10


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a machine of ten tasks that return much; the current one."""
    monkeypatch.chdir(tmp_path)
    task = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:grow"}
    ways: list[dict[str, Any]] = [{"Next": f"S{number + 1}"} for number in range(1, STATES)]
    states = {f"S{number}": {**task, **way} for number, way in enumerate([*ways, {"End": True}], 1)}
    Path("grow.asl.json").write_text(json.dumps({"StartAt": "S1", "States": states}), encoding="utf-8")
    Path("tasks.py").write_text(TASKS, encoding="utf-8")
    return tmp_path


RUN = ["run", "grow.asl.json", "--tasks", "tasks.py", "--name", "n"]
DATABASE = ".asltool/asltool.db"


def invoke(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


FULL = (
    "the disk reports an error, or the file would be larger than files may be here. "
    "nothing since the last commit is kept"
)


def limited(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process whose files cannot grow: a limit on their size stands for a full disk."""
    return subprocess.run(
        [sys.executable, "-m", "asltool", *words],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000)),
        capture_output=True,
        text=True,
        check=False,
    )


def newer() -> None:
    with sqlite3.connect(DATABASE) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()


def damaged() -> None:
    Path(DATABASE).write_bytes(b"damaged" * 5_000)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (newer, "was made by a newer version of asltool. use that one, or another folder"),
        (damaged, "is damaged. restore it from a copy, or use another folder"),
    ],
)
def test_a_store_that_cannot_be_used(spoil: Callable[[], None], reason: str) -> None:
    open_store(".asltool").close()
    spoil()
    for words in (
        *([*RUN], [*RUN, "--resume"], [*RUN, "--redrive"]),
        *(["executions", name, "--data", ".asltool"] for name in ("list", "export")),
        ["executions", "show", "n", "--data", ".asltool"],
        ["executions", "prune", "--before", "1d", "--data", ".asltool"],
    ):
        result = invoke(*words)
        command = " ".join(words[:2]) if words[0] == "executions" else "run"
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"asltool {command}: {DATABASE} {reason}\n"
    assert not Path("calls").exists()
    assert not Path(".asltool/grow").exists() or not any(Path(".asltool/grow").iterdir())


def test_a_store_that_another_program_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_PATIENCE", 0.0)
    open_store(".asltool").close()
    other = sqlite3.connect(DATABASE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    result = invoke(*RUN)
    reason = "is locked by another program. close that, and try again"
    assert (result.exit_code, result.stderr) == (2, f"asltool run: {DATABASE} {reason}\n")
    assert not Path("calls").exists()
    other.close()
    assert invoke(*RUN).exit_code == 0


def test_a_full_disk_ends_a_run_that_can_be_resumed() -> None:
    full = limited(*RUN)
    assert (full.returncode, full.stdout) == (2, "")
    assert full.stderr == f"asltool run: {DATABASE} cannot be read or written: {FULL}\n"
    before = len(Path("calls").read_text(encoding="utf-8"))
    assert 0 < before < STATES
    shown = json.loads(invoke("executions", "show", "n", "--data", ".asltool", "--json").stdout)
    assert [event["id"] for event in shown["events"]] == list(range(1, len(shown["events"]) + 1))
    known = sum(event["type"] == "TaskStateExited" for event in shown["events"])
    resumed = invoke(*RUN, "--resume")
    assert (resumed.exit_code, resumed.stderr) == (0, "")
    assert len(Path("calls").read_text(encoding="utf-8")) == before + STATES - known
    assert before - known <= 1


def test_an_import_that_finds_no_room_leaves_nothing() -> None:
    store = open_store("full")
    row = ExecutionRow(arn="e", machine="m", definition="d", started=1.0, input=json.dumps("x" * 400_000))
    store.end(row._replace(number=store.begin(row), status="SUCCEEDED", stopped=2.0))
    store.commit()
    store.close()
    Path("all.jsonl").write_text(invoke("executions", "export", "--data", "full").stdout, encoding="utf-8")
    full = limited("executions", "import", "all.jsonl")
    reason = f"cannot be read or written: {FULL}"
    assert (full.returncode, full.stdout) == (2, "")
    assert full.stderr == f"asltool executions import: .asltool/server/asltool.db {reason}\n"
    listed = invoke("executions", "list")
    assert (listed.exit_code, listed.output) == (0, "")
    assert invoke("executions", "import", "all.jsonl").stdout == "1 execution imported, 0 unchanged\n"
