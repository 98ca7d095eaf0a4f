"""Analyses of a whole definition, which rules request for its outermost machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from asltool.rules.analysis.scope import Scope

__all__ = ["machines_of", "once_per_definition"]

Result = TypeVar("Result")


def once_per_definition(make: Callable[[Scope], Result]) -> Callable[[Scope], Result]:
    """Cache a function of an outermost scope, so that consecutive rules share its result.

    Only the last result is kept, together with its definition.
    """
    last: tuple[Scope, Result] | None = None

    def ask(scope: Scope) -> Result:
        nonlocal last
        found = last
        if found is None or found[0] is not scope:
            found = last = (scope, make(scope))
        return found[1]

    return ask


@once_per_definition
def machines_of(scope: Scope) -> tuple[Scope, ...]:
    """Return the scopes of a machine and of all nested machines, outer ones first."""
    return tuple(_inside(scope))


def _inside(scope: Scope) -> Iterator[Scope]:
    yield scope
    around = (*scope.around, scope.machine)
    for state in scope.states.values():
        for machine in state.machines:
            yield from _inside(Scope(machine, scope.document, scope.machine_type, around, scope.outermost))
