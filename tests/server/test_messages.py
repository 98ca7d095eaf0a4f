"""What a server writes to standard error."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from asltool.history.records import Records
from asltool.server.messages import LogFormat, log_to
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow

NOON = 1_772_366_400.0
STARTED = ("ExecutionStarted", 0, NOON, ({"a": 1}, "arn:aws:iam::123456789012:role/any"))
LOST = 'no handler for "f", the Resource of state "A". add\n\n    @tasks.handler("f")'


def change(status: str = "RUNNING", before: int = 0, kind: str = "", **fields: Any) -> ExecutionChange:
    arn = "arn:aws:states:us-east-1:123456789012:execution:etl:one"
    row = ExecutionRow(
        arn=arn, machine="m", definition="d", started=NOON, input="{}", status=status, **fields
    )
    record = (kind, 0, NOON, ()) if kind else STARTED
    return ExecutionChange(row, Records([] if row.blocked else [record], before))


def written(form: LogFormat, *changes: ExecutionChange) -> list[str]:
    """Return what is written, and leave the logging of the tests as it was."""
    stream = io.StringIO()
    root, own = logging.getLogger(), logging.getLogger("asltool.server")
    before = root.handlers, own.level
    root.handlers = []
    try:
        for watcher in log_to(stream, form, lambda: NOON):
            watcher(changes)
        own.debug("DescribeExecution  200, 1.5 ms")
        logging.getLogger("tasks").warning("careful")
    finally:
        root.handlers = before[0]
        own.setLevel(before[1])
    return stream.getvalue().splitlines()


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        (change(), ["started   etl:one"]),
        (
            change("SUCCEEDED", stopped=NOON + 1.5),
            ["started   etl:one", "succeeded etl:one  1.500 s"],
        ),
        (change("SUCCEEDED", 3, stopped=NOON + 1.5), ["succeeded etl:one  1.500 s"]),
        (change(before=3), []),
        (change(before=3, kind="ExecutionRedriven"), ["redriven  etl:one"]),
        (
            change("FAILED", 3, stopped=NOON, error="Boom", cause='{"errorMessage": "no rows\\nat all"}'),
            ["failed    etl:one  Boom: no rows"],
        ),
        (change("TIMED_OUT", 3, stopped=NOON, error="States.Timeout"), ["timed out etl:one  States.Timeout"]),
        (change("ABORTED", 3, stopped=NOON + 2), ["aborted   etl:one  2.000 s"]),
        (change(blocked="step 2 leads elsewhere"), ["blocked   etl:one  step 2 leads elsewhere"]),
        (change(map_run="arn"), []),
        (change("FAILED", 3, stopped=NOON, error="Boom", map_run="arn"), ["failed    etl:one  Boom"]),
    ],
)
def test_lines(changed: ExecutionChange, lines: list[str]) -> None:
    stamp = "2026-03-01T12:00:00.000Z"
    assert written("text", changed) == [*(f"{stamp} {line}" for line in lines), f"{stamp} warning   careful"]


def test_what_to_add_for_a_task_is_written_once() -> None:
    failed = change("FAILED", 3, stopped=NOON, error="States.Runtime", cause=LOST)
    lines = [line.removeprefix("2026-03-01T12:00:00.000Z ") for line in written("text", failed, failed)]
    first = 'failed    etl:one  States.Runtime: no handler for "f", the Resource of state "A". add'
    assert lines[:4] == [first, "", '        @tasks.handler("f")', first]


def test_requests_are_for_debugging() -> None:
    assert written("debug") == [
        "2026-03-01T12:00:00.000Z request   DescribeExecution  200, 1.5 ms",
        "2026-03-01T12:00:00.000Z warning   careful",
    ]


def test_every_event_is_an_object() -> None:
    arn = "arn:aws:states:us-east-1:123456789012:execution:etl:one"
    assert [json.loads(line) for line in written("json", change(), change(blocked="why"))] == [
        {
            "executionArn": arn,
            "timestamp": "2026-03-01T12:00:00.000Z",
            "type": "ExecutionStarted",
            "id": 1,
            "previousEventId": 0,
            "executionStartedEventDetails": {
                "input": '{"a":1}',
                "inputDetails": {"truncated": False},
                "roleArn": "arn:aws:iam::123456789012:role/any",
            },
        },
        {"executionArn": arn, "blocked": "why"},
        {"level": "WARNING", "logger": "tasks", "message": "careful"},
    ]


def test_nothing_but_what_goes_wrong() -> None:
    assert written("none", change()) == ["2026-03-01T12:00:00.000Z warning   careful"]
