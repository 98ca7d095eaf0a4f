"""Fields with a number or a reference to one: TimeoutSeconds, MaxConcurrency and others.

Each has three forms: a number, ``…Path`` with a path, and in JSONata an expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal, TypeGuard

from asltool.engine.dataflow import compile_jsonata
from asltool.engine.frame_view import FrameView
from asltool.errors import DefinitionError, EvaluationError
from asltool.expr.jsonpath import compile_path
from asltool.expr.values import dumps, shown
from asltool.syntax.expressions import JsonataText

__all__ = ["compile_number", "is_long"]

NumberKind = Literal["integer", "float"]
"""The service's wording for what a number must be."""

_SPELLING = {"integer": re.compile(r"[+-]?[0-9]+"), "float": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")}


def compile_number(
    field: str,
    value: float | str | None,
    path: str | None,
    kind: NumberKind = "integer",
    *,
    owner: str = "",
    negative: bool = False,
) -> Callable[[FrameView], Any]:
    """Compile a number field; None if the definition has none of its forms.

    Args:
        owner: the field's place in the state, for messages about an expression.
        negative: whether the state itself checks for a negative number found by a path.

    Raises:
        DefinitionError: the field has a placeholder instead of the number.
        ExpressionError: the path or the expression is not valid.
    """
    if path is not None:
        return _number_at(path, f"{field}Path", kind, negative=negative)
    if isinstance(value, str):
        return _number_of(value, f"{owner}{field}", kind)
    return lambda frame: value


def _number_at(path: str, field: str, kind: NumberKind, *, negative: bool) -> Callable[[FrameView], Any]:
    read = compile_path(path).read

    def number(frame: FrameView) -> Any:
        found = read(frame.input, frame)
        value = _spelled(found, kind) if isinstance(found, str) else found
        if not _fits(value, kind) or (value < 0 and not negative):
            cause = f'The {field} field refers to value "{shown(found)}" which is not a valid {kind}: {path}'
            raise EvaluationError("States.Runtime", cause)
        return value

    return number


def is_long(value: Any) -> TypeGuard[int]:
    """Return whether a JSON value is an integer for the service: 64 bits, not ``2.0``."""
    return isinstance(value, int) and not isinstance(value, bool) and -(1 << 63) <= value < 1 << 63


def _fits(value: Any, kind: NumberKind) -> bool:
    return is_long(value) if kind == "integer" else _is_number(value, kind)


def _spelled(text: str, kind: NumberKind) -> Any:
    """Return the number in a string, which the service accepts; None if it is not a number."""
    if _SPELLING[kind].fullmatch(text) is None:
        return None
    return int(text) if kind == "integer" else float(text)


def _number_of(expression: str, field: str, kind: NumberKind) -> Callable[[FrameView], Any]:
    if not isinstance(expression, JsonataText):
        raise DefinitionError(
            f'"{field}" is "{expression}": replace it with a number before you run the machine'
        )
    evaluate = compile_jsonata(expression, field, "number")

    def number(frame: FrameView) -> Any:
        found = evaluate(frame)
        if kind == "integer" and not (_is_number(found, kind) and found >= 0):
            cause = f"The {field} field must be a whole number but was: {dumps(found)}"
            raise EvaluationError("States.QueryEvaluationError", cause)
        return int(found) if kind == "integer" else found

    return number


def _is_number(value: Any, kind: NumberKind) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return kind == "float" or value == int(value)
