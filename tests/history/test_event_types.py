"""The table of events, against the service's own model, and what is written by it."""

from __future__ import annotations

from typing import Any

import pytest

from asltool.history.event_types import TYPES, type_of
from asltool.history.events import events
from asltool.history.records import Records

_TYPES = {"string": str, "integer": int, "long": int, "structure": dict, "map": dict}


def _service() -> Any:
    return pytest.importorskip("botocore.session").get_session().get_service_model("stepfunctions")


def test_the_types_are_those_of_the_service() -> None:
    assert set(TYPES) == set(_service().shape_for("HistoryEventType").enum)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_the_fields_are_those_of_the_service(name: str) -> None:
    row = TYPES[name]
    members = _service().shape_for("HistoryEvent").members
    if not row.fields:
        assert f"{name[0].lower()}{name[1:]}EventDetails" not in members
        return
    known = {field.name: field.type for field in row.fields}
    known |= {field.beside: dict for field in row.fields if field.beside}
    assert known == {field: _TYPES[shape.type_name] for field, shape in members[row.details].members.items()}
    assert row.state_field in (*members[row.details].required_members, None)


def test_a_type_that_is_not_in_the_table_is_another() -> None:
    row = type_of("SomethingNew")
    assert (row.name, row.subject, row.phase, row.fields) == ("SomethingNew", "other", "other", ())


@pytest.mark.parametrize(
    ("kind", "payload", "details"),
    [
        ("MapRunSucceeded", (), None),
        ("ActivityStarted", (None,), {}),
        ("ExecutionFailed", ("E", None), {"error": "E"}),
        ("EvaluationFailed", ("A", "E", "why", ""), {"state": "A", "error": "E", "cause": "why"}),
        (
            "LambdaFunctionScheduled",
            ("f", None, 5, {"RoleArn": "r"}),
            {
                "resource": "f",
                "input": "null",
                "inputDetails": {"truncated": False},
                "timeoutInSeconds": 5,
                "taskCredentials": {"roleArn": "r"},
            },
        ),
        (
            "PassStateExited",
            ("A", [1], {"v": {"a": 1}}),
            {
                "name": "A",
                "output": "[1]",
                "outputDetails": {"truncated": False},
                "assignedVariables": {"v": '{"a":1}'},
                "assignedVariablesDetails": {"truncated": False},
            },
        ),
    ],
)
def test_a_payload_is_written_by_its_row(
    kind: str, payload: tuple[Any, ...], details: dict[str, Any] | None
) -> None:
    (event,) = events(Records([(kind, 0, 1.25, payload)]))
    head = {"timestamp": "1970-01-01T00:00:01.250Z", "type": kind, "id": 1, "previousEventId": 0}
    assert event == head | ({} if details is None else {TYPES[kind].details: details})


@pytest.mark.parametrize("count", [1, 5])
def test_a_payload_that_does_not_fit_is_refused(count: int) -> None:
    with pytest.raises(TypeError, match=f"TaskFailed has from 4 to 4 values, not {count}"):
        events(Records([("TaskFailed", 0, 0.0, ("x",) * count)]))


def test_equal_values_are_not_taken_for_one_another() -> None:
    """``1`` and ``true`` are equal in Python, and not the same JSON."""
    records = Records()
    for value in (1, True, 1.0, [1], [True]):
        records.add("ExecutionSucceeded", 0, 0.0, (value,))
    outputs = [event["executionSucceededEventDetails"]["output"] for event in events(records)]
    assert outputs == ["1", "true", "1.0", "[1]", "[true]"]


def test_a_state_is_written_alike_by_the_quick_and_the_slow_way() -> None:
    quick, slow = Records(), Records()
    for kind in ("PassStateEntered", "ChoiceStateExited"):
        quick.tape += (kind, 1, 2.0, "A", {"a": None}, None)
        slow.add(kind, 1, 2.0, ("A", {"a": None}))
    assert events(quick) == events(slow)
