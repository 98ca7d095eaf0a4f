"""Fields that hold a number, or say where to find it: TimeoutSeconds, MaxConcurrency and their like.

Each of them has three spellings: a number, ``…Path`` with a path, and in JSONata an expression.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from asltool.engine.dataflow import states_object
from asltool.errors import DefinitionError, EvaluationError
from asltool.expr import jsonata
from asltool.expr.jsonpath import compile_path
from asltool.expr.values import dumps, shown

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = ["compile_integer"]


def compile_integer(field: str, value: float | str | None, path: str | None) -> Callable[[Frame], int | None]:
    """Compile a field that wants a whole number; None where the definition has none of its spellings.

    Raises:
        DefinitionError: a placeholder stands where the number should.
        ExpressionError: the path or the expression cannot be read.
    """
    if path is not None:
        return _integer_at(path, f"{field}Path")
    if isinstance(value, str):
        if not jsonata.is_expression(value):
            raise DefinitionError(
                f'"{field}" is "{value}": fill it in with a number before you run the machine'
            )
        return _integer_of(value, field)
    number = None if value is None else int(value)
    return lambda frame: number


def _integer_at(path: str, field: str) -> Callable[[Frame], int]:
    read = compile_path(path).read

    def integer(frame: Frame) -> int:
        found = read(frame.input, frame)
        if not _is_integer(found):
            cause = f'The {field} field refers to value "{shown(found)}" which is not a valid integer: {path}'
            raise EvaluationError("States.Runtime", cause)
        return int(found)

    return integer


def _integer_of(expression: str, field: str) -> Callable[[Frame], int]:
    evaluate = jsonata.compile_field(expression, field, "number")
    states = states_object(expression)

    def integer(frame: Frame) -> int:
        found = evaluate(states(frame), frame)
        if not _is_integer(found):
            cause = f"The {field} field must be a whole number but was: {dumps(found)}"
            raise EvaluationError("States.QueryEvaluationError", cause)
        return int(found)

    return integer


def _is_integer(value: Any) -> bool:
    """Return whether a value is a whole number that is not negative."""
    return not isinstance(value, bool) and isinstance(value, int | float) and value == int(value) >= 0
