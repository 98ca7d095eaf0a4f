"""The quick judge and the slow one, which knows no limits; and what is asked before both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from asltool.syntax.fitting import fits
from asltool.syntax.judge import faults, quick_faults, slow_faults
from asltool.syntax.schema import declared_language, definition, table
from asltool.syntax.violation import Fault, JudgedObject
from tests.syntax.world import definitions, tampered

ROOT = Path(__file__).parent.parent.parent
PATHS = sorted(
    path for folder in ("samples", "tests/cases/rules") for path in (ROOT / folder).rglob("*.asl.json")
)


def place(kind: str, value: Any) -> JudgedObject:
    return JudgedObject(kind, value, (), declared_language(value, "JSONPath"))


def places(value: Any) -> list[JudgedObject]:
    """The machine itself, and each of its states judged as what its Type says, or as any state."""
    found = [place("StateMachine", value)]
    states = value.get("States") if isinstance(value, dict) else None
    for state in states.values() if isinstance(states, dict) else ():
        known = isinstance(state, dict) and state.get("Type") in table()["$defs"]["Type"]["enum"]
        found.append(place(state["Type"] if known else "State", state))
    return found


@settings(derandomize=True, deadline=None, max_examples=200)
@given(definitions() | tampered())
def test_both_find_the_same(value: Any) -> None:
    for each in places(value):
        found = quick_faults(each)
        assert sorted(map(repr, found)) == sorted(map(repr, slow_faults(each)))
        assert fits(definition(each.kind, each.language), each.value) <= (not found)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: str(path.name))
def test_samples_and_cases_fit_where_nothing_is_wrong(path: Path) -> None:
    for each in places(json.loads(path.read_text("utf-8"))):
        assert fits(definition(each.kind, each.language), each.value) == (not quick_faults(each))


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "integer"}, True),
        ({"type": "integer"}, 1.5),
        ({"const": 1}, True),
        ({"enum": [1]}, 1.0),
        ({"pattern": "^a$"}, "a\n"),
        ({"pattern": "^\\w$"}, "é"),
        ({"not": {"pattern": "^\\w$"}}, "é"),
        ({"unheardOf": 1}, 1),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1}),
        ({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"a": 1, "b": 1}),
    ],
    ids=str,
)
def test_what_does_not_fit_or_is_open_is_for_a_judge(schema: Any, value: Any) -> None:
    assert not fits(schema, value)


def test_faults_are_in_the_order_of_the_schema() -> None:
    found = faults(place("ChoiceRule", {"Comment": 1}))
    assert [fault.keyword for fault in found] == ["oneOf", "type", "required"]


def test_a_key_without_characters_is_on_the_way() -> None:
    assert faults(place("StateMachine", {"StartAt": "A", "States": {"": True}})) == [
        Fault("", ("States",), ("properties", "States", "propertyNames", "minLength")),
        Fault(True, ("States", ""), ("properties", "States", "additionalProperties", "type")),
    ]


def test_what_is_nested_very_deeply_is_judged() -> None:
    deep: Any = {}
    for _ in range(300):
        deep = {"x": deep}
    [fault] = faults(place("Pass", {"Type": "Pass", "End": True, "Result": deep, "Resul": 1}))
    assert (fault.keyword, fault.pointer) == ("additionalProperties", ())
