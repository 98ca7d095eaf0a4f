"""Compile the condition of a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.comparisons import UNDEFINED, Comparable, compile_comparison
from asltool.expr.jsonpath.errors import PathNotFound
from asltool.expr.jsonpath.position import CompileQuery
from asltool.expr.jsonpath.segments import Filter, FilterComparison, FilterTest, NameSelector, Operand, Query

__all__ = ["FilterPredicate", "compile_filter"]

FilterPredicate: TypeAlias = Callable[[Json, Json], bool]
"""``accepts(item, document)``: ``@`` is the item, ``$`` the document."""

ReadValue: TypeAlias = Callable[[Json, Json], Comparable]


def compile_filter(step: Filter, compile_query: CompileQuery) -> FilterPredicate:
    """Compile a filter. Like the library, it starts with the last condition, which matters if one fails.

    Args:
        compile_query: compiles the paths in it.
    """
    alternatives = [_all(alternative, compile_query) for alternative in reversed(step.alternatives)]
    if len(alternatives) == 1:
        return alternatives[0]
    return lambda item, document: any(holds(item, document) for holds in alternatives)


def _all(conditions: tuple[FilterTest, ...], compile_query: CompileQuery) -> FilterPredicate:
    compiled = [_condition(condition, compile_query) for condition in reversed(conditions)]
    if len(compiled) == 1:
        return compiled[0]
    if len(compiled) == 2:
        last, first = compiled
        return lambda item, document: last(item, document) and first(item, document)
    return lambda item, document: all(holds(item, document) for holds in compiled)


def _condition(condition: FilterTest, compile_query: CompileQuery) -> FilterPredicate:
    if isinstance(condition, FilterComparison):
        return _comparison(condition, compile_query)
    read, wanted = _exists(condition.operand, compile_query), condition.wanted
    return lambda item, document: read(item, document) is wanted


def _exists(operand: Operand, compile_query: CompileQuery) -> FilterPredicate:
    """Return whether the path finds a value other than null in the item, even if it starts with ``$``.

    The latter follows the library; it is not known what the service does with ``$`` in conditions.
    """
    assert isinstance(operand.value, Query)
    read = _from(operand.value, compile_query)

    def exists(item: Json, document: Json) -> bool:
        value = read(item, document)
        return value is not None and value is not UNDEFINED

    return exists


def _comparison(condition: FilterComparison, compile_query: CompileQuery) -> FilterPredicate:
    left, right = condition.left.value, condition.right.value
    compare = compile_comparison(condition.operator, None if isinstance(right, Query) else right)
    read = _value(left, compile_query)
    if not isinstance(right, Query):
        return lambda item, document: compare(read(item, document), right)
    read_right = _value(right, compile_query)
    return lambda item, document: compare(read(item, document), read_right(item, document))


def _value(operand: Query | Comparable, compile_query: CompileQuery) -> ReadValue:
    if not isinstance(operand, Query):
        return lambda item, document: operand
    read = _from(operand, compile_query)
    return read if operand.root == "@" else lambda item, document: read(document, document)


def _from(query: Query, compile_query: CompileQuery) -> ReadValue:
    """Return a function that reads a path from a value, and returns `UNDEFINED` if nothing is found."""
    match query.segments:
        case ():
            return lambda start, document: start
        case (NameSelector((name,)),):
            return lambda start, document: start.get(name, UNDEFINED) if type(start) is dict else UNDEFINED
    read = compile_query(query)

    def read_or_undefined(start: Json, document: Json) -> Comparable:
        try:
            return read(start, document)
        except PathNotFound:
            return UNDEFINED

    return read_or_undefined
