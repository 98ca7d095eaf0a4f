"""From a history to what became of every state."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from asltool.diagrams import draw
from asltool.diagrams.highlight import Highlight, NamedTransition
from asltool.errors import HistoryError
from tests.diagrams.cases import SHARED, load, model

DETAILS = {
    "StateEntered": ("stateEnteredEventDetails", "name"),
    "StateExited": ("stateExitedEventDetails", "name"),
    "EvaluationFailed": ("evaluationFailedEventDetails", "state"),
}


def event(number: int, kind: str, name: str | None = None, previous: int | None = None) -> dict[str, Any]:
    """Spell out an event of a case; it follows the one before, if it does not say which."""
    spelt = {"id": number, "previousEventId": number - 1 if previous is None else previous, "type": kind}
    for ending, (details, field) in DETAILS.items():
        if kind.endswith(ending):
            spelt[details] = {field: name}
    return spelt


@pytest.mark.parametrize("case", load("highlights.json"), ids=lambda case: case["name"])
def test_a_history_tells(case: dict[str, Any]) -> None:
    events = [event(number, *row) for number, row in enumerate(case["events"], 1)]
    highlight = Highlight.from_history(model(case["definition"]), events)
    assert highlight.statuses == case["statuses"]
    assert highlight.transitions == {NamedTransition(*step): count for *step, count in case["transitions"]}
    assert highlight.retries == case["retries"]
    assert highlight.failure == {NamedTransition(*each) for each in case.get("failure", ())}


SHAPE = "event 1 is not shaped as GetExecutionHistory gives it"
ONE = model({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"id": 1}, f'{SHAPE}: "type" has to be a string'),
        ("PassStateEntered", f"{SHAPE}: it has to be an object"),
        (
            {"id": 1, "type": "PassStateEntered"},
            f'{SHAPE}: "stateEnteredEventDetails" has to have "name"',
        ),
        ({"id": [], "type": "TaskStarted"}, f'{SHAPE}: "id" has to be a whole number from 1'),
        ({"id": 1, "type": 7}, f'{SHAPE}: "type" has to be a string'),
        (event(1, "PassStateEntered", "B"), 'the history is of another machine: there is no state "B"'),
    ],
)
def test_an_event_that_makes_no_sense_is_an_error(broken: Any, message: str) -> None:
    with pytest.raises(HistoryError) as caught:
        Highlight.from_history(ONE, [broken])
    assert str(caught.value) == message


def recordings() -> Iterator[Any]:
    for path in sorted((SHARED / "conformance").glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8")):
            if isinstance(case.get("definition"), dict) and "history" in case.get("expected", {}):
                yield pytest.param(case, id=case["id"])


def as_given(event: dict[str, Any]) -> dict[str, Any]:
    """Return an event of the recordings, which have JSON in the place of JSON texts, with texts."""
    return {
        name: {field: text_of(field, inner) for field, inner in value.items()}
        if name.endswith("EventDetails")
        else value
        for name, value in event.items()
    }


def text_of(field: str, value: Any) -> Any:
    if field == "assignedVariables":
        return {name: text_of("", inner) for name, inner in value.items()}
    texts = ("", "cause", "error", "input", "output", "parameters")
    return value if isinstance(value, str) or field not in texts else json.dumps(value)


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="the recordings of the real service are not here")
@pytest.mark.parametrize("case", list(recordings()))
def test_recorded_histories_add_up(case: dict[str, Any]) -> None:
    if case["ordering"] == "parallel-sorted":
        return  # its ids are not the service's
    machine, history = model(case["definition"]), [as_given(e) for e in case["expected"]["history"]]
    highlight = Highlight.from_history(machine, history)
    assert draw(machine, "dot", highlight)
    entered = Counter(
        e["stateEnteredEventDetails"]["name"] for e in history if "stateEnteredEventDetails" in e
    )
    into = Counter[str]()
    for step, count in highlight.transitions.items():
        into.update({step.target: count} if step.target is not None else {})
    assert into == entered
    outermost = [highlight.statuses[name] for name in machine.states]
    expected = {"SUCCEEDED": (0, 0), "FAILED": (1, 0), "RUNNING": (0, 1)}[case["expected"]["status"]]
    assert (outermost.count("failed"), outermost.count("unfinished")) == expected
