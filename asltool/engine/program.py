"""A program: a state machine compiled, ready to run any number of times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from asltool.engine.states import compile_states
from asltool.engine.steps import CompiledMachine
from asltool.syntax.model import StateMachine

__all__ = ["Program", "compile_machine"]


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled machine. ``definition`` is the JSON it came from, ``timeout_seconds`` its own time limit.

    What the children of a distributed Map run is a part of another definition, and has None.
    """

    definition: Any
    machine: CompiledMachine
    timeout_seconds: int | None


def compile_machine(machine: StateMachine, definition: Any) -> Program:
    """Compile every path, template, rule and expression of a machine.

    Raises:
        DefinitionError: a placeholder stands where a run needs a value.
        ExpressionError: a text inside the definition cannot be read.
    """
    return Program(definition, compile_states(machine), machine.timeout_seconds)
