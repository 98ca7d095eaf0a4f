"""What the flow of data says, against machines that run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.driver import runner
from asltool.driver.clock import VirtualClock
from asltool.engine import Execution, Identity
from asltool.engine.program import compile_machine
from asltool.rules import validate
from asltool.rules.analysis.flow import Flow, follow
from asltool.rules.analysis.scope import outermost
from asltool.rules.analysis.shapes import UNKNOWN, Shape, shape_of
from asltool.syntax.build import build
from asltool.syntax.model import Choice, Map, Pointer, State, Working
from asltool.syntax.reader import read
from tests.engine.scripted import NOON, Script
from tests.rules.machines import VALUES, machines
from tests.syntax.world import tampered

ON_THE_WAY = ("Arguments", "InputPath", "ItemsPath", "Output", "OutputPath", "Parameters", "ResultSelector")


def flow(definition: dict[str, Any], given: Shape = UNKNOWN) -> Flow:
    document = read(json.dumps(definition), "x")
    machine = build(document)
    assert machine is not None
    return follow(outermost(document, machine), given)


def run(definition: dict[str, Any], given: Any, script: Script) -> list[dict[str, Any]]:
    """Run a machine without checking it first, and return its history."""
    machine = build(read(json.dumps(definition), "x"))
    assert machine is not None
    program = compile_machine(machine, definition)
    execution = Execution(program, given, Identity(name="case", state_machine="test"), seed=7)
    runner.run(execution, script, VirtualClock(NOON), script.watch)
    return execution.history


def visits(events: list[dict[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Yield the type, the state and the input of each event that enters or leaves a state."""
    for event in events:
        details = event.get("stateEnteredEventDetails") or event.get("stateExitedEventDetails")
        if details:
            yield event["type"], details["name"], json.loads(details.get("input", "null"))


def states_of(machine: dict[str, Any], pointer: Pointer = ()) -> Iterator[tuple[str, Pointer]]:
    for name, state in machine["States"].items():
        place = (*pointer, "States", name)
        yield name, place
        for index, branch in enumerate(state.get("Branches", ())):
            yield from states_of(branch, (*place, "Branches", index))
        if "ItemProcessor" in state:
            yield from states_of(state["ItemProcessor"], (*place, "ItemProcessor"))


def fits(value: Any, shape: Shape) -> bool:
    """Return whether a shape allows a value."""
    if shape.anything:
        return True
    if isinstance(value, dict):
        known = shape.members
        return known is not None and all(
            fits(part, known[name]) if name in known else shape.others for name, part in value.items()
        )
    if isinstance(value, list):
        if shape.items is None or (not shape.repeated and len(value) != len(shape.items)):
            return False
        items = shape.items * len(value) if shape.repeated else shape.items
        return all(map(fits, value, items))
    return shape.scalar


def may_be_left(state: State) -> bool:
    """Return whether a state may be left although one of its fields fails."""
    return isinstance(state, Map | Choice) or (isinstance(state, Working) and bool(state.catch))


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.data())
def test_what_cannot_be_is_not(data: st.DataObject) -> None:
    """Every input fits its shape, and a state that reads what cannot be there is never left."""
    definition, given = data.draw(machines()), data.draw(VALUES)
    found = flow(definition, data.draw(st.sampled_from([UNKNOWN, shape_of(given, ())])))
    places = dict(states_of(definition))
    answers = st.lists(VALUES.map(lambda value: {"succeed": value}), max_size=2)
    script = Script({name: [*data.draw(answers), {"fail": "Oops"}] for name in places})
    failing = {
        missing.state.name
        for missing in found.missing
        if missing.field in ON_THE_WAY and not may_be_left(missing.state)
    }
    for kind, name, value in visits(run(definition, given, script)):
        if kind.endswith("Entered"):
            entering = found.entering.get(places[name])
            assert entering is not None, f"{name} is entered"
            assert fits(value, entering.document), f"{name} is entered with {value}"
        else:
            assert name not in failing, f"{name} is left"


@settings(derandomize=True, max_examples=150, deadline=None)
@given(machines() | tampered())
def test_any_definition_can_be_checked(definition: Any) -> None:
    validate(read(json.dumps(definition), "x"))


def line(*states: dict[str, Any]) -> dict[str, Any]:
    """Return a machine of states A, B, C … in a line; one that has ways of its own keeps them."""
    names = [chr(ord("A") + at) for at in range(len(states))]
    ways: list[dict[str, Any]] = [*({"Next": name} for name in names[1:]), {"End": True}]
    whole = {
        name: state if {"Next", "Default"} & state.keys() else {**way, **state}
        for name, way, state in zip(names, ways, states, strict=True)
    }
    return {"StartAt": "A", "States": whole}


def lost(definition: dict[str, Any]) -> list[str]:
    return [missing.text for missing in flow(definition).missing]


PASS: dict[str, Any] = {"Type": "Pass"}
OK = {**PASS, "Result": {"ok": True}}
LOOK = {**PASS, "InputPath": "$.x"}
CHOICE: dict[str, Any] = {
    "Type": "Choice",
    "Choices": [{"Variable": "$.ok", "IsNull": True, "Next": "B"}],
    "Default": "C",
}


@pytest.mark.parametrize(
    ("definition", "wanted"),
    [
        (line(LOOK), []),
        (line(OK, LOOK), ["$.x"]),
        (line({**OK, "ResultPath": "$.y"}, LOOK), []),
        (line({**OK, "ResultPath": "$.x"}, {**LOOK, "InputPath": "$.x.y"}), ["$.x.y"]),
        (line({**OK, "ResultPath": None}, LOOK), []),
        (line({**PASS, "InputPath": None}, LOOK), ["$.x"]),
        (line(OK, {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}, LOOK), []),
        (line(OK, CHOICE, {**OK, "Result": {"x": 1}}, LOOK), []),
        (line(OK, {**CHOICE, "Choices": [{**CHOICE["Choices"][0], "Next": "C"}]}, LOOK), ["$.x"]),
        (line(OK, {**LOOK, "InputPath": "$", "Next": "A"}), []),
        (line(OK, LOOK, LOOK), ["$.x"]),
        (line({**PASS, "Result": {"${Key}": 1}}, LOOK), []),
        (line({**PASS, "Result": "${Value}"}, LOOK), []),
        (line({**PASS, "Result": [1]}, {**LOOK, "InputPath": "$[7]"}), []),
        (line({**PASS, "Result": [1]}, {**LOOK, "InputPath": "$[0].x"}), ["$[0].x"]),
        (line({**OK, "Assign": {"v": {"y": 1}}}, {**LOOK, "InputPath": "$v.x"}), ["$v.x"]),
        (line({**OK, "Assign": {"v.$": "$.ok"}}, {**LOOK, "InputPath": "$v.x"}), ["$v.x"]),
        (line({**OK, "Assign": {"${V}": 1, "v": 1}}, {**LOOK, "InputPath": "$v.x"}), []),
        (line(OK, {**LOOK, "Next": "Nowhere"}), []),
    ],
)
def test_what_is_missing(definition: dict[str, Any], wanted: list[str]) -> None:
    assert lost(definition) == wanted


def test_a_loop_that_builds_on_its_own_data_comes_to_an_end() -> None:
    wrap = {**PASS, "Parameters": {"x.$": "$"}, "Next": "B"}
    ask = {**CHOICE, "Choices": [{"Variable": "$.x.x.x", "IsNull": True, "Next": "A"}]}
    found = flow(line(wrap, ask, LOOK))
    assert found.missing == ()
    assert found.entering[("States", "A")].document == UNKNOWN


def test_a_definition_is_followed_from_what_is_given() -> None:
    found = flow(line(LOOK), shape_of({"y": 1}, ()))
    assert [(str(missing.place), missing.step) for missing in found.missing] == [("$", "x")]
