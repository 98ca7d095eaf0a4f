"""Coverage targets: what runs can reach in a state machine, which are states, transitions and retries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from asltool.syntax.model import State, StateMachine, Working

__all__ = ["Target", "TargetKind", "targets", "targets_of"]

TargetKind = Literal["state", "Next", "Choice", "Default", "Catch", "Retry"]


class Target(NamedTuple):
    """Something that a run can reach: a state, a transition or a retry.

    ``number`` counts the rules of Choices and the entries of Catch and Retry from 0.
    """

    state: str
    kind: TargetKind
    number: int = 0


def targets(machine: StateMachine) -> Iterator[tuple[Target, State]]:
    """Yield all targets, including those of nested machines, in document order."""
    for state in machine.walk_states():
        for target in targets_of(state):
            yield target, state


def targets_of(state: State) -> Iterator[Target]:
    """Yield a state's own targets: the state, its transitions, its retries."""
    yield Target(state.name, "state")
    for transition in state.transitions():
        yield Target(state.name, transition.kind, transition.index)
    if isinstance(state, Working):
        yield from (Target(state.name, "Retry", index) for index in range(len(state.retry)))
