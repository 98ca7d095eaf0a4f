"""Questions about a whole definition, which a rule asks at the outermost of its machines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from asltool.rules.analysis.scope import Scope

__all__ = ["machines_of", "once_per_definition"]

Answer = TypeVar("Answer")


def once_per_definition(make: Callable[[Scope], Answer]) -> Callable[[Scope], Answer]:
    """Decorate what makes an answer from an outermost scope, so that rules that ask in turn share it.

    Only the last answer is kept, and with it the definition that it is about.
    """
    last: tuple[Scope, Answer] | None = None

    def ask(scope: Scope) -> Answer:
        nonlocal last
        found = last
        if found is None or found[0] is not scope:
            found = last = (scope, make(scope))
        return found[1]

    return ask


@once_per_definition
def machines_of(scope: Scope) -> tuple[Scope, ...]:
    """Return the scope and those of all machines inside it, outer before inner."""
    return tuple(_inside(scope))


def _inside(scope: Scope) -> Iterator[Scope]:
    yield scope
    around = (*scope.around, scope.machine)
    for state in scope.states.values():
        for machine in state.machines:
            yield from _inside(Scope(machine, scope.document, scope.machine_type, around, scope.outermost))
