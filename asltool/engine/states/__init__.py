"""The states, one file each: how a definition's state becomes one that is ready to run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.engine.states.choice import compile_choice
from asltool.engine.states.distributed_map import compile_distributed_map
from asltool.engine.states.fail import compile_fail
from asltool.engine.states.map_ import compile_map
from asltool.engine.states.parallel import compile_parallel
from asltool.engine.states.pass_ import compile_pass
from asltool.engine.states.succeed import compile_succeed
from asltool.engine.states.task import compile_task
from asltool.engine.states.wait import compile_wait
from asltool.engine.steps import CompiledMachine, CompiledState
from asltool.syntax.model import Map, State, StateMachine

__all__ = ["compile_states"]

_COMPILERS: dict[str, Callable[[Any], CompiledState]] = {
    "Choice": compile_choice,
    "Fail": compile_fail,
    "Pass": compile_pass,
    "Succeed": compile_succeed,
    "Task": compile_task,
    "Wait": compile_wait,
}


def compile_states(machine: StateMachine) -> CompiledMachine:
    """Compile the states of a machine and of the machines inside it.

    Raises:
        DefinitionError: a placeholder stands where a run needs a value.
        ExpressionError: a text inside the definition cannot be read.
    """
    states = {name: _compile(state) for name, state in machine.states.items()}
    for state in states.values():
        state.link(states)
    return CompiledMachine(states[machine.start_at], states)


def _compile_either_map(state: Map, machines: list[CompiledMachine]) -> CompiledState:
    distributed = state.processor.mode == "DISTRIBUTED"
    return (compile_distributed_map if distributed else compile_map)(state, machines)


_WITH_MACHINES: dict[str, Callable[[Any, list[CompiledMachine]], CompiledState]] = {
    "Map": _compile_either_map,
    "Parallel": compile_parallel,
}


def _compile(state: State) -> CompiledState:
    if state.type in _WITH_MACHINES:
        return _WITH_MACHINES[state.type](state, [compile_states(machine) for machine in state.machines])
    return _COMPILERS[state.type](state)
