"""A recorded run on a definition that was changed since."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

import asltool
from asltool.cli import main
from asltool.errors import HistoryError
from asltool.testing.comparison import Comparison, compare_with_history
from asltool.testing.under_test import MachineUnderTest

CASES = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "testing" / "comparison.yaml").read_text("utf-8")
)


def recorded(case: dict[str, Any]) -> list[dict[str, Any]]:
    tested = MachineUnderTest(case["before"])
    for name, answers in case.get("answers", {}).items():
        for answer in answers:
            ((method, value),) = answer.items()
            getattr(tested.task(name), method)(value, times=1)
    return tested.run(case["input"]).history


def changed(case: dict[str, Any]) -> asltool.Machine:
    definition = json.loads(json.dumps(case["before"]))
    for name, fields in case.get("now", {}).items():
        state = definition["States"][name]
        definition["States"][name] = fields if "Type" in fields else {**state, **fields}
    return asltool.load(definition)


def compared(case: dict[str, Any]) -> Comparison:
    return compare_with_history(changed(case), {"events": recorded(case)}, "H")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    found = compared(case)
    shortened = [re.sub(r'"[0-9a-f-]{36}"', '"…"', text) for text in found.differences]
    assert shortened == case["differs"]
    assert found.same is not bool(case["differs"])


@pytest.mark.parametrize("timestamp", ["2026-01-01T12:00:00.000Z", "2026-01-01T13:00:00+01:00", 1767268800.0])
def test_timestamps_as_the_cli_prints_them(timestamp: Any) -> None:
    events = recorded(CASES[0])
    events[0]["timestamp"] = timestamp
    assert compare_with_history(changed(CASES[0]), {"events": events}).same


def test_histories_that_cannot_be_used() -> None:
    events = recorded(CASES[0])
    with pytest.raises(HistoryError, match=r"^H is an incomplete history"):
        compare_with_history(changed(CASES[0]), {"events": events, "nextToken": "t"}, "H")
    events[0]["timestamp"] = "noon"
    with pytest.raises(HistoryError, match=r'^H: event 1 is not shaped as .*: "timestamp" has to be ISO'):
        compare_with_history(changed(CASES[0]), {"events": events}, "H")
    del events[0]["timestamp"]
    with pytest.raises(HistoryError, match=r"^the first event of H has no timestamp$"):
        compare_with_history(changed(CASES[0]), {"events": events}, "H")


def test_an_execution_that_was_still_running() -> None:
    events = recorded(CASES[0])
    for length in range(1, len(events)):
        part = [event for event in events if event["id"] <= length]
        assert compare_with_history(changed(CASES[0]), {"events": part}, "H").differences == (), length


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda events: events.clear(), "H is not the history of an execution"),
        (lambda events: events.pop(0), "H is an incomplete history: it does not begin with ExecutionStarted"),
        (
            lambda events: events.append({"id": 99, "previousEventId": 9, "type": "ExecutionRedriven"}),
            "H is the history of a redriven execution, which cannot be replayed",
        ),
        (
            lambda events: events[0]["executionStartedEventDetails"].pop("input"),
            "H has no input. download it with --include-execution-data",
        ),
        (
            lambda events: events[0]["executionStartedEventDetails"].update(inputDetails={"truncated": True}),
            "H has a truncated execution input, so it cannot be replayed",
        ),
        (
            lambda events: events[0]["executionStartedEventDetails"].update(input={}),
            "H: event 1 is not shaped as GetExecutionHistory gives it: "
            '"input" in "executionStartedEventDetails" has to be a string',
        ),
        (
            lambda events: events[0]["executionStartedEventDetails"].update(input="{"),
            "H has an input that is not JSON: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1)",
        ),
    ],
)
def test_histories_that_are_not_whole(change: Callable[[list[Any]], Any], message: str) -> None:
    events = [event for event in recorded(CASES[0]) if event["type"] != "TaskSucceeded"]
    change(events)
    with pytest.raises(HistoryError) as raised:
        compare_with_history(changed(CASES[0]), {"events": events}, "H")
    assert str(raised.value) == message


def test_a_distributed_map_is_where_it_stops() -> None:
    each = {
        "Type": "Map",
        "Items": [1, 2],
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "A",
            "States": {"A": {"Type": "Pass", "End": True}},
        },
        "Next": "Last",
    }
    states = {"First": {"Type": "Pass", "Next": "Each"}, "Each": each, "Last": {"Type": "Succeed"}}
    case = {"before": {"QueryLanguage": "JSONata", "StartAt": "First", "States": states}, "input": {}}
    found = compared(case)
    assert found.differences == (
        'it stops: the child executions of distributed Map "Each" have their own histories',
    )
    assert (found.recorded, found.replayed) == ("SUCCEEDED", "stopped")


def test_on_the_command_line(tmp_path: Path) -> None:
    machine, history = tmp_path / "m.asl.json", tmp_path / "h.json"
    history.write_text(json.dumps({"events": recorded(CASES[1])}))
    machine.write_text(json.dumps(CASES[1]["before"]))
    command = ["replay", str(machine), "--history", str(history)]
    same = CliRunner().invoke(main, command)
    assert (same.exit_code, same.stdout) == (0, "")
    assert same.stderr == "recorded: SUCCEEDED\nreplayed: SUCCEEDED\n"
    machine.write_text(json.dumps(changed(CASES[1]).definition))
    other = CliRunner().invoke(main, command)
    assert other.exit_code == 1
    assert other.stdout.startswith('after "Large?" it went to "Check", and now goes to "Done"\n')
    history.write_text("[]")
    bad = CliRunner().invoke(main, command)
    assert (bad.exit_code, bad.stdout) == (2, "")
    assert bad.stderr == (
        f'asltool replay: {history} is not the history of an execution: expected an object with "events"\n'
    )
