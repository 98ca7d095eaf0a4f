"""Compiles the condition of a filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.comparisons import COMPARISONS, UNDEFINED, Value, text_value
from asltool.expr.jsonpath.conditions import And, Comparison, Condition, Constant, Exists, Not, Operand, Or
from asltool.expr.jsonpath.errors import Failure, InvalidPath, PathNotFound, failing
from asltool.expr.jsonpath.steps import JsonText, Names, Query

__all__ = ["Accepts", "CompileQuery", "Read", "compile_filter"]

Accepts: TypeAlias = Callable[[Json, Json], bool]
"""``accepts(item, document)``: ``@`` is the item, ``$`` the document."""

Read: TypeAlias = Callable[[Json, Json], Value]
"""``read(start, document)``: a compiled path, from where it starts."""

CompileQuery: TypeAlias = Callable[[Query, bool], Read]
"""Compiles a path; the flag says that everything on the way must be there."""


def compile_filter(condition: Condition, compile_query: CompileQuery, required: bool) -> Accepts:
    """Compile a condition. An operator that does not fit its operands makes all of it false.

    Args:
        compile_query: compiles the paths in it.
        required: given to `compile_query`; with paths that must exist it is always true.
    """
    holds = _compile(condition, lambda query, exists: compile_query(query, exists or required))

    def accepts(item: Json, document: Json) -> bool:
        try:
            return holds(item, document)
        except InvalidPath:
            return False

    return accepts


def _compile(condition: Condition, compile_query: CompileQuery) -> Accepts:
    match condition:
        case Comparison():
            return _comparison(condition, compile_query)
        case Exists(query, wanted):
            return _exists(compile_query(query, True), wanted)
        case Not(inner):
            holds = _compile(inner, compile_query)
            return lambda item, document: not holds(item, document)
        case And(conditions):
            parts = [_compile(part, compile_query) for part in conditions]
            return lambda item, document: all(holds(item, document) for holds in parts)
        case Or(conditions):
            parts = [_compile(part, compile_query) for part in conditions]
            return lambda item, document: any(holds(item, document) for holds in parts)


def _comparison(comparison: Comparison, compile_query: CompileQuery) -> Accepts:
    compare = COMPARISONS[comparison.operator]
    left = _operand(comparison.left, compile_query)
    if isinstance(comparison.right, Constant):
        constant = comparison.right.value
        return lambda item, document: compare(left(item, document), constant)
    right = _operand(comparison.right, compile_query)
    return lambda item, document: compare(left(item, document), right(item, document))


def _exists(read: Read, wanted: bool) -> Accepts:
    """Jayway begins at the item even if the path begins with ``$``."""

    def holds(item: Json, document: Json) -> bool:
        try:
            read(item, document)
        except PathNotFound:
            return not wanted
        return wanted

    return holds


def _operand(operand: Operand, compile_query: CompileQuery) -> Read:
    match operand:
        case Constant(value):
            return lambda item, document: value
        case JsonText(text):
            return _literal(text)
        case Query("@", (Names((name,)),)):
            return lambda item, document: item.get(name, UNDEFINED) if type(item) is dict else UNDEFINED
        case Query(root):
            read = compile_query(operand, False)
            return _found(read) if root == "@" else _found(lambda item, document: read(document, document))


def _found(read: Read) -> Read:
    def read_or_undefined(item: Json, document: Json) -> Value:
        try:
            return read(item, document)
        except PathNotFound:
            return UNDEFINED

    return read_or_undefined


def _literal(text: str) -> Read:
    try:
        value = text_value(text)
    except ValueError as error:
        return failing(Failure(str(error), "IllegalArgumentException"))
    return lambda item, document: value
