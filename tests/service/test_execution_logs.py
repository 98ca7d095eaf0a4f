"""Execution logs in files, as a machine's loggingConfiguration asks for them."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from asltool.history.records import Records
from asltool.service.backend import Backend, BackendSettings
from asltool.service.execution_logs import ExecutionLogs
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow
from asltool.store.sqlite import SqliteStore

FAILING = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Fail", "Error": "Boom", "Cause": "why"}},
}
GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/orders:*"
FILE = "aws%2Fvendedlogs%2Forders.jsonl"


def logging(level: str, *, data: bool = True, group: str = GROUP) -> dict[str, Any]:
    destinations = [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]
    return {"level": level, "includeExecutionData": data, "destinations": destinations}


def logged(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        file.name: [json.loads(line) for line in file.read_text("ascii").splitlines()]
        for file in folder.iterdir()
    }


def run(
    folder: Path, configuration: dict[str, Any], kind: str = "STANDARD"
) -> dict[str, list[dict[str, Any]]]:
    """Run a machine with this logging configuration; return the entries by file."""

    async def main() -> None:
        backend = Backend(BackendSettings(logs=folder))
        request: dict[str, Any] = {"name": "m", "roleArn": "arn:aws:iam::123456789012:role/r", "type": kind}
        request |= {"definition": json.dumps(FAILING), "loggingConfiguration": configuration}
        call = backend.service.call
        arn = (await call("CreateStateMachine", request))["stateMachineArn"]
        await call("StartExecution", {"stateMachineArn": arn, "name": "e", "input": '{"a": 1}'})
        await backend.close()

    asyncio.run(main())
    return logged(folder)


@pytest.mark.parametrize(
    ("level", "types"),
    [
        (
            "ALL",
            [
                "ExecutionStarted",
                "PassStateEntered",
                "PassStateExited",
                "FailStateEntered",
                "ExecutionFailed",
            ],
        ),
        ("ERROR", ["FailStateEntered", "ExecutionFailed"]),
        ("FATAL", ["ExecutionFailed"]),
    ],
)
@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_the_level_is_that_of_the_machine(tmp_path: Path, level: str, types: list[str], kind: str) -> None:
    (entries,) = run(tmp_path, logging(level), kind).values()
    assert [entry["type"] for entry in entries] == types
    assert len({entry["execution_arn"] for entry in entries}) == 1


def test_data_is_left_out_if_it_is_not_wanted(tmp_path: Path) -> None:
    (entries,) = run(tmp_path, logging("ALL", data=False)).values()
    assert entries[1]["details"] == {"name": "A"}
    (entries,) = run(tmp_path / "data", logging("ALL")).values()
    assert entries[1]["details"]["input"] == {"a": 1}


def test_nothing_is_written_without_a_level(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == {}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("/aws/vendedlogs/orders", FILE),
        ("..", "...jsonl"),
        ("a.b#c_D-9", "a.b%23c_D-9.jsonl"),
        ("../../etc", "..%2F..%2Fetc.jsonl"),
        ("a/" * 90 + "a", f"{'a%2F' * 50}-f501cbe249f89722.jsonl"),
    ],
)
def test_a_log_group_is_a_file_in_the_folder(tmp_path: Path, name: str, file: str) -> None:
    group = f"arn:aws:logs:us-east-1:123456789012:log-group:{name}:*"
    assert list(run(tmp_path / "logs", logging("FATAL", group=group))) == [file]
    assert [path.name for path in tmp_path.iterdir()] == ["logs"]


def committed(folder: Path) -> tuple[SqliteStore, str]:
    """Return a store with a commit whose entries are not in their file yet, and what they are."""
    store = SqliteStore()
    digest = store.put_definition(json.dumps({"loggingConfiguration": logging("ALL")}))
    settings = {"machine": digest}
    row = ExecutionRow(
        arn="arn:e", machine="m", definition="d", started=0.0, input="{}", settings=settings, redrives=2
    )
    logs = ExecutionLogs(folder, store)
    logs.before([ExecutionChange(row, Records([("ExecutionRedriven", 4, 1.5, (2,))], 4))])
    store.commit()
    entry = {
        "id": "5",
        "type": "ExecutionRedriven",
        "details": {"redriveCount": 2},
        "previous_event_id": "4",
        "event_timestamp": "1500",
        "execution_arn": "arn:e",
        "redrive_count": "2",
    }
    return store, json.dumps(entry) + "\n"


@pytest.mark.parametrize("written", [0, 10, 1000])
def test_after_a_crash_an_entry_is_there_once(tmp_path: Path, written: int) -> None:
    (tmp_path / FILE).write_text("earlier\n", "ascii")
    store, text = committed(tmp_path)
    with (tmp_path / FILE).open("a", encoding="ascii") as file:
        file.write(text[:written])
    for _ in range(2):
        ExecutionLogs(tmp_path, store)
        assert (tmp_path / FILE).read_text("ascii") == "earlier\n" + text


def test_after_an_orderly_end_nothing_is_left_to_do(tmp_path: Path) -> None:
    store, _ = committed(tmp_path)
    ExecutionLogs(tmp_path, store).close()
    (tmp_path / FILE).unlink()
    ExecutionLogs(tmp_path, store)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_taken_away_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("earlier\n", "ascii")
    store, text = committed(tmp_path)
    (tmp_path / FILE).unlink()
    ExecutionLogs(tmp_path, store)
    assert (tmp_path / FILE).read_text("ascii") == text
