"""What there is to try in a state machine: its states, and every way out of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from asltool.render.conditions import condition_text
from asltool.syntax.model import Choice, State, StateMachine, Working

__all__ = ["Kind", "Target", "describe", "targets", "targets_of"]

Kind = Literal["state", "Next", "Choice", "Default", "Catch", "Retry"]


class Target(NamedTuple):
    """Something that a run can reach: a state that is entered, or a way out of it that is taken.

    ``number`` counts the rules of Choices and the entries of Catch and Retry from 0.
    """

    state: str
    kind: Kind
    number: int = 0


def targets(machine: StateMachine) -> Iterator[tuple[Target, State]]:
    """Yield all targets, also those of the machines inside, in the order of the document."""
    for state in machine.walk_states():
        for target in targets_of(state):
            yield target, state


def targets_of(state: State) -> Iterator[Target]:
    """Yield a state's own targets: the state, the ways out of it, its retries."""
    yield Target(state.name, "state")
    for way in state.transitions():
        yield Target(state.name, way.kind, way.index)
    if isinstance(state, Working):
        yield from (Target(state.name, "Retry", index) for index in range(len(state.retry)))


def describe(target: Target, state: State) -> str:
    """Say what a target is: ``"Valid?" Choices[0] ($.valid == true) to "Load"``."""
    name = f'"{target.state}"'
    match target.kind:
        case "state":
            return f"state {name}"
        case "Retry" if isinstance(state, Working):
            return f"{name} Retry[{target.number}] ({', '.join(state.retry[target.number].error_equals)})"
        case "Catch" if isinstance(state, Working):
            catcher = state.catch[target.number]
            return f'{name} Catch[{target.number}] ({", ".join(catcher.error_equals)}) to "{catcher.next}"'
        case "Choice" if isinstance(state, Choice):
            rule = state.choices[target.number]
            return f'{name} Choices[{target.number}] ({condition_text(rule.condition)}) to "{rule.next}"'
        case "Default" if isinstance(state, Choice):
            return f'{name} Default to "{state.default}"'
    return f'{name} Next to "{state.next}"'
