"""Compiled states: one file for each state type."""

from __future__ import annotations

from typing import Any

from asltool.engine.decisions import CompiledMachine, CompiledState
from asltool.engine.states.choice import ChoiceState
from asltool.engine.states.distributed_map import DistributedMap
from asltool.engine.states.fail import FailState
from asltool.engine.states.map_ import InlineMap
from asltool.engine.states.parallel import ParallelState
from asltool.engine.states.pass_ import PassState
from asltool.engine.states.succeed import SucceedState
from asltool.engine.states.task import TaskState
from asltool.engine.states.wait import WaitState
from asltool.syntax.model import Map, Parallel, State, StateMachine

__all__ = ["compile_states"]

_COMPILED = (ChoiceState, FailState, InlineMap, ParallelState, PassState, SucceedState, TaskState, WaitState)
_STATES: dict[str, Any] = {state.kind: state for state in _COMPILED}


def compile_states(machine: StateMachine) -> CompiledMachine:
    """Compile the states of a machine and of the machines inside it.

    Raises:
        DefinitionError: there is a placeholder where a run needs a value. ExpressionError: an expression in
        the definition is not valid.
    """
    states = {name: _compile(state) for name, state in machine.states.items()}
    for state in states.values():
        state.link(states)
    return CompiledMachine(states[machine.start_at], states)


def _compile(state: State) -> CompiledState:
    kind = _STATES[state.type]
    if isinstance(state, Map) and state.processor.mode == "DISTRIBUTED":
        kind = DistributedMap
    machines = [compile_states(machine) for machine in state.machines]
    compiled: CompiledState = kind(state, machines) if isinstance(state, Map | Parallel) else kind(state)
    return compiled
