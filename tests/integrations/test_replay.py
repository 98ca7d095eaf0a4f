"""Replays: of recordings, of histories, and of what has changed since."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import asltool
from asltool import HistoryError, MockError, Mocks, Recorder, Replay, TaskFailed

WRONG = yaml.safe_load(
    (Path(__file__).parent.parent / "cases" / "integrations" / "mocks" / "replay_wrong.yaml").read_text(
        "utf-8"
    )
)
HEADER = '{"asltool": "recording", "version": 1}'
TASK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": True}
ONE = asltool.load({"StartAt": "S", "States": {"S": TASK}})
MAP = asltool.load(
    {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemProcessor": {
                    "StartAt": "S",
                    "States": {"S": {**TASK, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}]}},
                },
                "End": True,
            }
        },
    }
)


def recorded(machine: asltool.Machine, value: Any, mocks: Mocks, path: Path) -> asltool.Run:
    return machine.run(value, integrations=[Recorder(path, mocks)])


def call(number: int, value: Any, output: Any, attempt: int = 0) -> str:
    """Return the lines of a call of state "S" that succeeded."""
    about = {"call": number, "state": "S", "attempt": attempt, "resource": "f", "input": value}
    return f"{json.dumps(about)}\n{json.dumps({'call': number, 'succeeded': output})}"


@pytest.mark.parametrize("source", ["recording", "history"])
def test_iterations_find_theirs_in_any_order(source: str, tmp_path: Path) -> None:
    mocks = Mocks()
    mocks.task("S").sequence(TaskFailed("Busy"), "b", "c", "a")
    first = MAP.run([1, 2, 3], integrations=[Recorder(tmp_path / "r", mocks)], max_workers=1)
    (tmp_path / "h").write_text(json.dumps({"events": first.history}))
    replay = Replay.load(tmp_path / ("r" if source == "recording" else "h"))
    again = MAP.run([3, 1, 2], integrations=[replay], max_workers=1)
    assert first.output == ["a", "b", "c"]
    assert again.output == ["c", "a", "b"]
    assert sum(event["type"] == "LambdaFunctionFailed" for event in again.history) == 1


def test_tries_of_the_same_input_go_by_their_number() -> None:
    text = "\n".join([HEADER, call(1, 1, "retried", attempt=1), call(2, 1, "first")])
    assert ONE.run(1, integrations=[Replay.loads(text)]).output == "first"


@pytest.mark.parametrize("source", ["recording", "history"])
def test_a_timeout_times_out_again(source: str, tmp_path: Path) -> None:
    machine = asltool.load({"StartAt": "S", "States": {"S": {**TASK, "TimeoutSeconds": 3000}}})
    mocks = Mocks()
    mocks.task("S").times_out()
    run = recorded(machine, {}, mocks, tmp_path / "r")
    (tmp_path / "h").write_text(json.dumps({"events": run.history}))
    again = machine.run(integrations=[Replay.load(tmp_path / ("r" if source == "recording" else "h"))])
    assert (again.status, again.error) == (run.status, run.error) == ("FAILED", "States.Timeout")


def test_tokens_and_names_of_executions_differ_in_every_run(tmp_path: Path) -> None:
    parameters = {
        "token.$": "$$.Task.Token",
        "id.$": "States.Format('run-{}', $$.Execution.Name)",
        "n.$": "$.n",
    }
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    state = {**TASK, "Resource": resource, "Parameters": parameters}
    machine = asltool.load({"StartAt": "S", "States": {"S": state}})
    mocks = Mocks()
    mocks.task("S").sends("done")
    recorded(machine, {"n": 1}, mocks, tmp_path / "r")
    assert machine.run({"n": 1}, integrations=[Replay.load(tmp_path / "r")]).output == "done"
    with pytest.raises(MockError, match=r"\$\.n was 1 and is 2\. the nearest"):
        machine.run({"n": 2}, integrations=[Replay.load(tmp_path / "r")])
    with pytest.raises(MockError, match=r'\$\.id was "run-[0-9a-f-]{36}" and is "run-monday"\. the nearest'):
        machine.run({"n": 1}, integrations=[Replay.load(tmp_path / "r")], name="monday")


def test_a_changed_input_is_told_with_the_nearest_difference() -> None:
    text = "\n".join([HEADER, call(1, {"a": {"b-c": [1, 2]}, "d": 1}, 1), call(2, {"x": 1}, 2)])
    with pytest.raises(MockError) as raised:
        ONE.run({"a": {"b-c": [1, 3]}}, integrations=[Replay.loads(text, "run.jsonl")])
    assert str(raised.value) == (
        'state "S" has an input that was not recorded: $.a["b-c"][1] was 2 and is 3, and 1 more. the nearest '
        "is line 2 of run.jsonl. record the run again, or use --replay-loosely (loosely=True)"
    )
    assert ONE.run({"a": {"b-c": [1, 3]}}, integrations=[Replay.loads(text, loosely=True)]).output == 1


@pytest.mark.parametrize(("was", "now"), [(1, True), (None, 0), ("1", 1), ({}, []), ({"a": None}, {})])
def test_json_that_is_not_the_same(was: Any, now: Any) -> None:
    with pytest.raises(MockError, match="has an input that was not recorded"):
        ONE.run(now, integrations=[Replay.loads("\n".join([HEADER, call(1, was, 1)]))])


def test_line_separators_in_texts(tmp_path: Path) -> None:
    mocks = Mocks()
    mocks.task("S").returns("a\u2028b\r")
    recorded(ONE, "\x85", mocks, tmp_path / "r")
    assert ONE.run("\x85", integrations=[Replay.load(tmp_path / "r")]).output == "a\u2028b\r"


def test_a_loose_replay_does_not_look_at_all_calls() -> None:
    lines = "\n".join(call(number, {"i": number, "x": 1}, number) for number in range(150))
    replay = Replay.loads(f"{HEADER}\n{lines}", loosely=True)
    assert [ONE.run({"i": i, "x": 2}, integrations=[replay]).output for i in (99, 120, 101)] == [99, 0, 101]


def test_json_that_is_the_same() -> None:
    replay = Replay.loads("\n".join([HEADER, call(1, {"a": 1, "b": 2}, "done")]))
    assert ONE.run({"b": 2.0, "a": 1}, integrations=[replay]).output == "done"


@pytest.mark.parametrize("loosely", [False, True])
def test_one_call_more_than_was_recorded(loosely: bool) -> None:
    replay = Replay.loads("\n".join([HEADER, call(1, 1, 1)]), "run.jsonl", loosely=loosely)
    assert ONE.run(1, integrations=[replay]).output == 1
    with pytest.raises(
        MockError, match=r'^run\.jsonl has one call of state "S", but the run makes one more$'
    ):
        ONE.run(1, integrations=[replay])


def test_states_that_were_not_recorded_are_for_others() -> None:
    mocks = Mocks()
    mocks.task("S").returns("mocked")
    assert ONE.run(integrations=[Replay.loads(HEADER), mocks]).output == "mocked"


def test_work_that_failed_before_it_began() -> None:
    events: list[dict[str, Any]] = [
        {
            "id": 1,
            "previousEventId": 0,
            "type": "TaskStateEntered",
            "stateEnteredEventDetails": {"name": "S"},
        },
        {
            "id": 2,
            "previousEventId": 1,
            "type": "TaskScheduled",
            "taskScheduledEventDetails": {"parameters": "1"},
        },
        {"id": 3, "previousEventId": 2, "type": "TaskStarted", "taskStartedEventDetails": {}},
        {
            "id": 4,
            "previousEventId": 3,
            "type": "TaskSubmitFailed",
            "taskSubmitFailedEventDetails": {"error": "E"},
        },
    ]
    run = ONE.run(1, integrations=[Replay.loads(json.dumps({"events": events[::-1]}))])
    assert (run.error, run.cause) == ("E", None)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case["name"])
def test_what_cannot_be_replayed(case: dict[str, Any]) -> None:
    text = case.get("text", "\n".join([HEADER, *case.get("lines", [])]))
    text = json.dumps({"events": case["events"]}) if "events" in case else text
    with pytest.raises(HistoryError if '"events"' in text else MockError) as raised:
        Replay.loads(text, "run.json")
    assert str(raised.value) == case["message"]


_WORDS = st.sampled_from(["call", "state", "attempt", "input", "succeeded", "failed", "ask_again", "error"])
_JSON: Any = st.recursive(
    st.none() | st.integers(-2, 5) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=6,
)
_EVENTS = st.lists(
    st.fixed_dictionaries(
        {"id": st.integers(1, 4) | _JSON, "previousEventId": st.integers(0, 4) | _JSON},
        optional={
            "type": st.sampled_from(
                ["TaskScheduled", "TaskStateEntered", "TaskSucceeded", "ActivityStarted"]
            ),
            "stateEnteredEventDetails": _JSON | st.just({"name": "S"}),
            "taskScheduledEventDetails": _JSON | st.just({"parameters": "{}"}),
            "taskSucceededEventDetails": _JSON | st.just({"output": "{}"}),
        },
    ),
    max_size=4,
)


@given(st.lists(_JSON, max_size=3), _EVENTS, st.text(max_size=20))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_file_works_or_is_refused(lines: list[Any], events: list[Any], text: str) -> None:
    for candidate in (
        "\n".join([HEADER, *map(json.dumps, lines)]),
        json.dumps({"events": events}),
        f"{HEADER}\n{text}",
        text,
    ):
        with suppress(MockError, HistoryError):
            Replay.loads(candidate)
