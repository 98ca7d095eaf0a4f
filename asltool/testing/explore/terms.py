"""The terms that the value of an expression is made from, and the origins of the values that they read."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import PathStep, get

__all__ = ["Constant", "Origin", "Term", "Unclear", "ValueRead", "constant_term"]


class ValueRead(NamedTuple):
    """A value that is read. ``root``: ``$`` is the document, ``$$`` the context, ``$name`` a variable.

    In JSONata, ``$states`` is a variable whose first step selects the document.
    """

    root: str
    steps: tuple[PathStep, ...]


class Constant(NamedTuple):
    """A constant in the definition; ABSENT means that there is certainly no value."""

    value: Any


class Unclear(NamedTuple):
    """A value that is computed from reads in a way that is not traced."""

    reads: tuple[ValueRead, ...] = ()


Term = ValueRead | Constant | Unclear


class Origin(NamedTuple):
    """Where a value is made.

    ``input``: in the execution's input; ``result``, ``error``: by the task of ``waypoint``; ``constant``: in
    the definition, as ``value``; ``unclear``: unknown. Origins that are not ``exact`` only contribute to it.
    """

    kind: Literal["input", "result", "error", "constant", "unclear"]
    waypoint: Any = None
    steps: tuple[PathStep, ...] = ()
    value: Any = None
    exact: bool = True

    @property
    def key(self) -> tuple[Any, ...]:
        """A key that only equal origins share."""
        return self.kind, id(self.waypoint), self.steps, id(self.value), self.exact


def constant_term(value: Any, steps: tuple[PathStep, ...]) -> Term:
    """Return the term that the steps lead to in a constant.

    A value is certainly missing only if the steps are names and there is no array, because JSONata maps over
    arrays.
    """
    found = get(value, steps)
    if found is ABSENT and not (all(isinstance(step, str) for step in steps) and _has_no_array(value)):
        return Unclear()
    return Constant(found)


def _has_no_array(value: Any) -> bool:
    return not isinstance(value, list) and (
        not isinstance(value, dict) or all(map(_has_no_array, value.values()))
    )
