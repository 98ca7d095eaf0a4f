"""A program: a state machine compiled, ready to run any number of times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.states import COMPILERS
from asltool.engine.steps import CompiledState
from asltool.errors import DefinitionError
from asltool.syntax.model import State, StateMachine

__all__ = ["Program", "compile_machine"]


@dataclass(frozen=True, slots=True)
class Program:
    """Compiled states by name, linked to one another. ``definition`` is the JSON they came from."""

    definition: Any
    start: CompiledState
    states: dict[str, CompiledState]
    timeout_seconds: int | None


def compile_machine(machine: StateMachine, definition: Any) -> Program:
    """Compile every path, template and rule of a machine.

    Raises:
        DefinitionError: a state is of a kind that cannot be run yet.
        ExpressionError: a text inside the definition cannot be read.
    """
    states = {name: _compile(state) for name, state in machine.states.items()}
    for state in states.values():
        state.link(states)
    return Program(definition, states[machine.start_at], states, machine.timeout_seconds)


def _compile(state: State) -> CompiledState:
    if state.query_language == "JSONata":
        raise DefinitionError(f'state "{state.name}" uses JSONata, which asltool cannot run yet')
    if state.type not in COMPILERS:
        raise DefinitionError(f'state "{state.name}" is a {state.type} state, which asltool cannot run yet')
    return COMPILERS[state.type](state)
