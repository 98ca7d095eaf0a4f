"""The conditions of a path's filters, as they were parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.steps import JsonText, Query

if TYPE_CHECKING:
    from asltool.expr.jsonpath.regex import Pattern

__all__ = ["And", "Comparison", "Condition", "Constant", "Exists", "Not", "Operand", "Or"]


class Constant(NamedTuple):
    """A string, number, ``true``, ``false``, ``null`` or pattern in a filter."""

    value: Json | Pattern


Operand: TypeAlias = Query | JsonText | Constant


class Comparison(NamedTuple):
    """``left operator right``; the operator is in upper case."""

    left: Operand
    operator: str
    right: Operand


class Exists(NamedTuple):
    """``@.path``, or ``!@.path`` if it must not be there."""

    query: Query
    wanted: bool


class Not(NamedTuple):
    condition: Condition


class And(NamedTuple):
    conditions: tuple[Condition, ...]


class Or(NamedTuple):
    conditions: tuple[Condition, ...]


Condition: TypeAlias = Comparison | Exists | Not | And | Or
