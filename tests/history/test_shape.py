"""What GetExecutionHistory gives, and what it does not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from asltool.history.shape import misshapen
from asltool.history.timestamps import seconds_of

ENTERED = {"id": 1, "type": "PassStateEntered", "stateEnteredEventDetails": {"name": "A", "input": "{}"}}
LEFT = {
    "id": 2,
    "previousEventId": 1,
    "type": "PassStateExited",
    "timestamp": "2026-01-01T00:00:00Z",
    "stateExitedEventDetails": {"name": "A", "output": "1", "assignedVariables": {"v": "1"}},
}


def test_what_it_gives() -> None:
    assert misshapen([ENTERED, LEFT]) is None
    assert misshapen([LEFT, ENTERED]) is None
    assert misshapen([{**LEFT, "timestamp": datetime(2026, 1, 1, tzinfo=UTC)}]) is None
    assert misshapen([{**LEFT, "timestamp": 1767225600.5, "type": "SomethingNew", "more": []}]) is None
    assert misshapen([]) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": True}, '"id" has to be a whole number from 1'),
        ({"id": 0}, '"id" has to be a whole number from 1'),
        ({"id": 1, "previousEventId": 0}, '"id" 1 is the ID of an earlier event'),
        ({"previousEventId": 2}, '"previousEventId" has to be a whole number below "id"'),
        ({"previousEventId": None}, '"previousEventId" has to be a whole number below "id"'),
        ({"previousEventId": -1}, '"previousEventId" has to be a whole number below "id"'),
        ({"type": None}, '"type" has to be a string'),
        ({"timestamp": "noon"}, '"timestamp" has to be ISO 8601 or seconds since 1970'),
        ({"timestamp": True}, '"timestamp" has to be ISO 8601 or seconds since 1970'),
        ({"timestamp": -1}, '"timestamp" has to be ISO 8601 or seconds since 1970'),
        ({"timestamp": 10**400}, '"timestamp" has to be ISO 8601 or seconds since 1970'),
        ({"stateExitedEventDetails": "x"}, '"stateExitedEventDetails" has to be an object'),
        ({"stateExitedEventDetails": {}}, '"stateExitedEventDetails" has to have "name"'),
        ({"stateExitedEventDetails": None}, '"stateExitedEventDetails" has to be an object'),
        (
            {"stateExitedEventDetails": {"name": "A", "output": {}}},
            '"output" in "stateExitedEventDetails" has to be a string',
        ),
        (
            {"stateExitedEventDetails": {"name": "A", "assignedVariables": []}},
            '"assignedVariables" in "stateExitedEventDetails" has to be an object',
        ),
        (
            {"stateExitedEventDetails": {"name": "A", "assignedVariables": {"v": 1}}},
            '"v" in "assignedVariables" has to be a string',
        ),
        (
            {"taskFailedEventDetails": {"error": "E"}},
            'it has details of two kinds, "stateExitedEventDetails" and "taskFailedEventDetails"',
        ),
        (
            {"type": "MapIterationStarted", "stateExitedEventDetails": {"index": 1.0}},
            '"index" in "stateExitedEventDetails" has to be a whole number',
        ),
    ],
)
def test_what_it_does_not_give(change: dict[str, Any], problem: str) -> None:
    told = f"event 2 is not shaped as GetExecutionHistory gives it: {problem}"
    assert misshapen([ENTERED, {**LEFT, **change}]) == told


def test_moments() -> None:
    assert seconds_of("2026-01-01T01:00:00+01:00") == seconds_of(1767225600) == 1767225600
    wrong: list[Any] = ["", None, [], "3000-01-02T00:00:00Z"]
    for stamp in wrong:
        with pytest.raises(ValueError, match=r"is not a timestamp|is not between"):
            seconds_of(stamp)


def test_the_fields_are_those_of_the_service() -> None:
    """Every field of the service's model that we know has the type there that we ask for."""
    session = pytest.importorskip("botocore.session").get_session()
    event = session.get_service_model("stepfunctions").shape_for("HistoryEvent")
    wrong = {"string": 1, "integer": "1", "long": "1", "structure": "x", "map": "x"}
    for name, details in event.members.items():
        if details.type_name != "structure":
            continue
        for field, shape in details.members.items():
            told = misshapen([{"id": 1, "type": "X", name: {field: wrong[shape.type_name]}}])
            assert told is not None, f"{field} in {name}"
