"""The terms that the value of an expression is made from."""

from __future__ import annotations

from typing import Any, NamedTuple

from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import PathStep, get

__all__ = ["Constant", "Term", "Unclear", "ValueRead", "constant_term"]


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
