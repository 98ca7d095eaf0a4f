"""The quick judge and the slow one, which knows no limits."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from asltool.syntax.failure import Fault, Place
from asltool.syntax.judge import faults, slow_faults
from asltool.syntax.schema import declared_language, table
from tests.syntax.world import definitions, tampered


def place(kind: str, value: Any) -> Place:
    return Place(kind, value, (), declared_language(value, "JSONPath"))


def places(value: Any) -> list[Place]:
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
        assert sorted(map(repr, faults(each))) == sorted(map(repr, slow_faults(each)))


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
