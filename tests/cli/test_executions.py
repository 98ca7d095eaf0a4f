"""``asltool executions``: what is kept is listed, shown, carried elsewhere and removed."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main
from asltool.store import open_store
from asltool.store.opening import FolderHold
from asltool.store.port import MAP_RUN
from tests.cli.kept_executions import keep

ARN = "arn:aws:states:us-east-1:123456789012:execution:m:"
NOON = "2026-03-01T12:00:00.000Z"
BLOCKED = f"{NOON}  BLOCKED    m:wednesday  step 1 leads to other events than it did\n"
FAILED = f"{NOON}  FAILED     m:tuesday  Card.Declined: over the limit\n"
SUCCEEDED = f"{NOON}  SUCCEEDED  m:monday\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    keep(".asltool/server")
    return tmp_path


def invoke(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["executions", *words], input=given)


def printed(*words: str) -> str:
    result = invoke(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*words: str, given: str | None = None, status: int = 2) -> str:
    result = invoke(*words, given=given)
    assert (result.exit_code, result.stdout) == (status, "")
    return result.stderr


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ([], [BLOCKED, FAILED, SUCCEEDED]),
        (["--status", "failed"], [FAILED]),
        (["--status", "BLOCKED"], [BLOCKED]),
        (["--status", "RUNNING"], [BLOCKED]),
        (["--machine", "m"], [BLOCKED, FAILED, SUCCEEDED]),
        (["--machine", "arn:aws:states:us-east-1:123456789012:stateMachine:m", "--text", "LIMIT"], [FAILED]),
        (["--text", '{"order": 7}'], [SUCCEEDED]),
        (["--machine", "other"], []),
    ],
)
def test_executions_are_listed(options: list[str], lines: list[str]) -> None:
    assert printed("list", *options) == "".join(lines)


def test_more_than_a_page_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asltool.cli.executions._PAGE", 2)
    assert printed("list") == BLOCKED + FAILED + SUCCEEDED


def test_a_list_as_json() -> None:
    assert [json.loads(line) for line in printed("list", "--json", "--text", "day").splitlines()][:2] == [
        {
            "executionArn": f"{ARN}wednesday",
            "name": "wednesday",
            "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m",
            "status": "RUNNING",
            "blocked": "step 1 leads to other events than it did",
            "startDate": NOON,
            "redriveCount": 0,
        },
        {
            "executionArn": f"{ARN}tuesday",
            "name": "tuesday",
            "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m",
            "status": "FAILED",
            "startDate": NOON,
            "stopDate": NOON,
            "redriveCount": 0,
            "error": "Card.Declined",
            "cause": "over the limit\nof 1000",
        },
    ]


@pytest.mark.parametrize("wanted", ["tuesday", f"{ARN}tuesday"])
def test_an_execution_is_shown_with_its_history(wanted: str) -> None:
    assert printed("show", wanted) == (
        f"execution  {ARN}tuesday\n"
        "status     FAILED\n"
        f"started    {NOON}\n"
        f"stopped    {NOON}\n"
        'input      {"order": 8}\n'
        "error      Card.Declined\n"
        "cause      over the limit\n"
        "           of 1000\n"
        "\n"
        f"1  {NOON}  ExecutionStarted\n"
        f"2  {NOON}  FailStateEntered  Refuse\n"
        f"3  {NOON}  ExecutionFailed  Card.Declined: over the limit\n"
    )


def test_an_execution_as_json_and_its_history_in_a_file() -> None:
    shown = json.loads(printed("show", "monday", "--json", "--history", "h.json"))
    events = json.loads(Path("h.json").read_text(encoding="utf-8"))["events"]
    assert shown["events"] == events
    assert (shown["input"], shown["output"]) == ('{"order": 7}', '{"order":7}')
    assert [event["type"] for event in events] == [
        *("ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded")
    ]


def test_what_is_not_there() -> None:
    missing = 'there is no execution "friday" in .asltool/server\n'
    assert refused("show", "friday") == f"asltool executions show: {missing}"
    assert refused("export", "friday") == f"asltool executions export: {missing}"
    for words in (["list"], ["export"], ["show", "monday"], ["prune", "--before", "1d"]):
        message = f'asltool executions {words[0]}: other has no executions: it has no file "asltool.db"\n'
        assert refused(*words, "--data", "other") == message
    assert not Path("other").exists()
    assert 'unknown command "lst". did you mean "list"?' in refused("lst")
    message = (
        'asltool executions show: --history: "no/h.json" cannot be written: folder "no" does not exist\n'
    )
    assert refused("show", "monday", "--history", "no/h.json") == message


def test_of_executions_with_one_name_the_arn_is_asked_for() -> None:
    other = f"{ARN.replace(':m:', ':other:')}monday"
    Path("all.jsonl").write_text(printed("export", "monday").replace(f"{ARN}monday", other), encoding="utf-8")
    assert printed("import", "all.jsonl") == "1 execution imported, 0 unchanged\n"
    assert refused("show", "monday") == (
        'asltool executions show: several executions are named "monday". pass the ARN of one of them:\n'
        f"  {other}\n  {ARN}monday\n"
    )


def test_what_was_exported_is_imported_once() -> None:
    text = printed("export")
    Path("all.jsonl").write_text(text, encoding="utf-8")
    assert [json.loads(line)["execution"]["arn"] for line in text.splitlines()] == [
        *(f"{ARN}monday", f"{ARN}tuesday", f"{ARN}wednesday")
    ]
    assert printed("import", "all.jsonl", "--data", "copy") == "3 executions imported, 0 unchanged\n"
    assert printed("import", "all.jsonl", "--data", "copy") == "0 executions imported, 3 unchanged\n"
    assert printed("export", "--data", "copy") == text
    one = printed("export", "tuesday")
    assert text.splitlines()[1] == one.rstrip("\n")
    result = invoke("import", "-", "--data", "other", given=one)
    assert result.stdout == "1 execution imported, 0 unchanged\n"


def test_nothing_is_imported_where_an_execution_is_another() -> None:
    lines = printed("export").splitlines(keepends=True)
    Path("all.jsonl").write_text(lines[1], encoding="utf-8")
    printed("import", "all.jsonl", "--data", "copy")
    changed = "".join([lines[0], lines[1].replace('"redrives": 0', '"redrives": 1')])
    message = f"another execution has the ARN {ARN}tuesday"
    assert refused("import", "-", "--data", "copy", given=changed, status=1) == (
        f"asltool executions import: <stdin>: line 2 cannot be imported: {message}\n"
    )
    assert printed("list", "--data", "copy") == FAILED


def _with(**fields: Any) -> str:
    line = json.loads(printed("export", "monday"))
    return json.dumps({**line, **fields})


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda: "{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (
            lambda: "[]",
            "not an exported execution: TypeError: list indices must be integers or slices, not str",
        ),
        (lambda: "{}", "not an exported execution: KeyError: 'asltool'"),
        (lambda: _with(asltool=2), 'not an exported execution: ValueError: "asltool" has to be 1'),
        (
            lambda: _with(definition="{}"),
            "not an exported execution: ValueError: the definition is not the one that was executed",
        ),
        (lambda: _with(log=[1]), "not an exported execution: TypeError: log cannot be 1"),
        (lambda: _with(execution={"arn": 1}), "not an exported execution: TypeError: arn cannot be 1"),
    ],
)
def test_a_line_that_was_not_exported(make: Any, problem: str) -> None:
    text = printed("export", "tuesday") + make()
    assert refused("import", "-", "--data", "copy", given=text) == (
        f"asltool executions import: <stdin>: line 2 cannot be imported: {problem}\n"
    )
    assert printed("export", "--data", "copy") == ""


def test_a_file_that_is_not_text() -> None:
    Path("all.jsonl").write_bytes(b"\xff")
    assert refused("import", "all.jsonl") == "asltool executions import: all.jsonl is not UTF-8\n"
    assert "No such file or directory" in refused("import", "nothing.jsonl")


def test_a_server_keeps_imports_out_and_nothing_else() -> None:
    held = FolderHold(".asltool/server", "127.0.0.1:8083")
    message = refused("import", "-", given="")
    assert message.startswith(
        "asltool executions import: .asltool/server is used by another server, process "
    )
    assert printed("list", "--status", "FAILED") == FAILED
    assert printed("prune", "--before", "2026-03-02") == "2 executions removed\n"
    held.release()
    assert printed("list") == BLOCKED


@pytest.mark.parametrize(
    ("before", "removed"),
    [("2026-03-01", 0), ("2026-03-01T12:00:01Z", 2), ("2026-03-01T12:00:01+01:00", 0), ("90d", 0), ("2w", 2)],
)
def test_what_ended_before_is_removed(before: str, removed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_772_366_400.0 + 30 * 86_400)
    assert printed("prune", "--before", before) == f"{removed} executions removed\n"


NO_TIME = "is not a duration, date or timestamp. expected one such as 90d, 2026-01-31 or 2026-01-31T08:00:00Z"


@pytest.mark.parametrize(
    ("before", "problem"),
    [
        ("9x", '"9x" is not a duration. expected a number and a unit (s, m, h, d or w), such as 90d'),
        ("soon", f'"soon" {NO_TIME}'),
        ("90", f'"90" {NO_TIME}'),
    ],
)
def test_what_is_not_a_date(before: str, problem: str) -> None:
    assert f"Invalid value for '--before': {problem}\n" in refused("prune", "--before", before)


def test_a_damaged_log_is_one_clear_error() -> None:
    store = open_store(".asltool/server")
    store._database.execute("UPDATE steps SET records = x'5b31'")
    store.close()
    assert refused("show", "wednesday") == (
        "asltool executions show: the log is damaged: JSONDecodeError: Expecting ',' delimiter: "
        "line 1 column 3 (char 2)\n"
    )
    assert printed("list", "--status", "FAILED") == FAILED


def test_children_of_map_runs_go_with_their_execution() -> None:
    store = open_store(".asltool/server")
    (parent,) = store.executions(arn=f"{ARN}monday", whole=True)
    run = parent.arn.replace(":execution:m:", ":mapRun:m/Each:")
    store.put(MAP_RUN, run, {"startDate": 1.0}, owner=parent.arn, created=1.0)
    child = parent._replace(arn=f"{ARN[:-1]}/Each:c", machine=f"{parent.machine}/Each", map_run=run)
    store.end(child._replace(number=store.begin(child)))
    store.commit()
    store.close()
    assert printed("list") == BLOCKED + FAILED + SUCCEEDED
    assert printed("list", "--machine", "m/Each") == f"{NOON}  SUCCEEDED  m/Each:c\n"
    Path("one.jsonl").write_text(printed("export", "monday"), encoding="utf-8")
    assert printed("import", "one.jsonl", "--data", "copy") == "2 executions imported, 0 unchanged\n"
    assert printed("export", "--data", "copy") == Path("one.jsonl").read_text(encoding="utf-8")
    assert printed("prune", "--before", "2026-03-02", "--data", "copy") == "2 executions removed\n"
    kept = open_store("copy")
    assert kept.listed(MAP_RUN) == []
    kept.close()
