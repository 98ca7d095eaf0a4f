"""Find the state to test, alone or in a machine, and compile it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from asltool.engine.program import Program, compile_machine
from asltool.errors import RequestError
from asltool.expr.values import dumps
from asltool.rules.aws import invalid_definition
from asltool.syntax.build import build
from asltool.syntax.model import State
from asltool.syntax.reader import read

__all__ = ["NAME", "NOT_FOUND", "TestedState", "find_subject", "state_names"]

NAME = "StateName"
"""What the service calls a state under test, whatever its name is."""

NOT_FOUND = "State not found in definition"
"""What the service says of a state name that the definition does not have."""

_BEFORE = "BeforeStateName"

TestedState = tuple[State, Program]
"""(the state as the definition has it, a machine that starts with it)"""


def find_subject(
    definition: Mapping[str, Any], state_name: str | None, variables: Mapping[str, Any]
) -> TestedState:
    """Return the state to test.

    Raises:
        RequestError: InvalidDefinition, or ValidationException if there is no such state.
    """
    if state_name is not None:
        _refuse(definition)
        state = _find(definition, state_name, "JSONPath")
        if state is None:
            raise RequestError("ValidationException", NOT_FOUND)
    elif "States" in definition:
        names = ", ".join(f'"{name}"' for name in definition["States"])
        raise RequestError("ValidationException", f"say which state of the machine to test: one of {names}")
    else:
        state = dict(definition)
        _refuse(_assigned_before(_alone(state), variables))
    machine = build(read(dumps(_alone(state)), "definition"))
    assert machine is not None, "a definition without errors has a model"
    return machine.states[NAME], compile_machine(machine, definition)


def _refuse(definition: Mapping[str, Any]) -> None:
    message = invalid_definition(definition)
    if message is not None:
        raise RequestError("InvalidDefinition", message)


def _find(machine: Mapping[str, Any], name: str, language: str) -> dict[str, Any] | None:
    """Return a state of the machine or of a nested one, with its query language."""
    language = machine.get("QueryLanguage", language)
    states = machine["States"]
    if name in states:
        return {"QueryLanguage": language, **states[name]}
    inner = (each for state in states.values() for each in _machines(state))
    return next((found for each in inner if (found := _find(each, name, language)) is not None), None)


def state_names(machine: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of all states of a machine and of nested ones."""
    for name, state in machine.get("States", {}).items():
        yield name
        for inner in _machines(state):
            yield from state_names(inner)


def _machines(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from state.get("Branches", [])
    yield from (state[field] for field in ("ItemProcessor", "Iterator") if field in state)


def _alone(state: dict[str, Any]) -> dict[str, Any]:
    """Return a machine with only this state and the targets of its transitions."""
    targets = {name: {"Type": "Succeed"} for name in _targets(state) if name != NAME}
    return {"StartAt": NAME, "States": {NAME: state, **targets}}


def _targets(state: Mapping[str, Any]) -> Iterator[str]:
    for each in (state, *_entries(state, "Choices"), *_entries(state, "Catch")):
        yield from (each[field] for field in ("Next", "Default") if isinstance(each.get(field), str))


def _entries(state: Mapping[str, Any], field: str) -> list[Mapping[str, Any]]:
    entries = state.get(field)
    return [each for each in entries if isinstance(each, Mapping)] if isinstance(entries, list) else []


def _assigned_before(machine: dict[str, Any], variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the machine with the request's variables assigned."""
    if not variables:
        return machine
    before = {"Type": "Pass", "Assign": dict.fromkeys(variables, 0), "Next": NAME}
    return {"StartAt": _BEFORE, "States": {_BEFORE: before, **machine["States"]}}
