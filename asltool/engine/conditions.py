"""Conditions of Choice rules, compiled: the visitor of `syntax.condition` that evaluates them.

A path that finds nothing is an error, except in IsPresent; a value of another type than the comparison's is
not.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from asltool.engine.dataflow import is_document_path, nothing_to_read
from asltool.errors import EvaluationError, ExpressionError
from asltool.expr import jsonata
from asltool.expr.choice import COMPARISONS, TESTS, string_matcher
from asltool.expr.environment import Environment, Evaluate, Json
from asltool.expr.jsonpath import compile_path
from asltool.syntax.condition import And, Condition, DataTest, Expression, Malformed, Not

__all__ = ["Holds", "compile_condition"]

Holds: TypeAlias = Callable[[Json, Environment], bool]
"""A compiled condition: ``holds(document, environment)``, raising `EvaluationError`."""


def compile_condition(condition: Condition, field: str = "Condition") -> Holds:
    """Compile a condition in either query language.

    Args:
        field: the place for errors of a JSONata expression, such as ``Choices[0]/Condition``.

    Raises:
        ExpressionError: it is malformed, an operand has the wrong type, or an expression has errors.
    """
    if isinstance(condition, Expression):
        evaluate = jsonata.compile_field(condition.value, field, "boolean")
        return lambda document, environment: evaluate(document, environment) is True
    if isinstance(condition, Malformed):
        raise ExpressionError(condition.message, condition.text, 0)
    if isinstance(condition, DataTest):
        return _compile_comparison(condition)
    if isinstance(condition, Not):
        inner = compile_condition(condition.part, field)
        return lambda document, environment: not inner(document, environment)
    parts = [compile_condition(part, field) for part in condition.parts]
    if isinstance(condition, And):
        return lambda document, environment: all(part(document, environment) for part in parts)
    return lambda document, environment: any(part(document, environment) for part in parts)


def _compile_comparison(comparison: DataTest) -> Holds:
    if comparison.operator == "IsPresent":
        return _is_present(comparison)
    if comparison.operator in TESTS:
        return _test(comparison)
    if comparison.operator == "StringMatches":
        return _string_matches(comparison)
    return _path(comparison) if comparison.operator.endswith("Path") else _constant(comparison)


def _read(path: str) -> Evaluate:
    """Compile a rule's path, with the service's causes for a path that finds nothing.

    Any failure in the path fails the state. For the service, this is known only of paths that find nothing.
    """
    read, in_document = compile_path(path).read, is_document_path(path)

    def evaluate(document: Json, environment: Environment) -> Json:
        try:
            found = read(document, environment)
        except EvaluationError:
            if document is None and in_document:
                raise nothing_to_read() from None
            cause = f"Invalid path '{path}': The choice state's condition path references an invalid value."
            raise EvaluationError("States.Runtime", cause, path) from None
        if found is None and document is None and in_document:
            raise nothing_to_read()
        return found

    return evaluate


def _refuse(comparison: DataTest, expected: str) -> ExpressionError:
    return ExpressionError(f'"{comparison.operator}" must be {expected}', comparison.operator, 0)


def _constant(comparison: DataTest) -> Holds:
    family, holds = COMPARISONS[comparison.operator]
    read = _read(comparison.variable)
    constant = family.value(comparison.operand)
    if constant is None:
        raise _refuse(comparison, family.expected)
    if family.convert is None:
        types = family.types

        def condition(document: Json, environment: Environment) -> bool:
            value = read(document, environment)
            return type(value) in types and holds(value, constant)

        return condition

    def condition_converted(document: Json, environment: Environment) -> bool:
        value = family.value(read(document, environment))
        return value is not None and holds(value, constant)

    return condition_converted


def _path(comparison: DataTest) -> Holds:
    family, holds = COMPARISONS[comparison.operator.removesuffix("Path")]
    read = _read(comparison.variable)
    read_other = _read(comparison.operand)

    def condition(document: Json, environment: Environment) -> bool:
        value = family.value(read(document, environment))
        other = family.value(read_other(document, environment))
        return value is not None and other is not None and holds(value, other)

    return condition


def _wanted(comparison: DataTest) -> bool:
    wanted: Any = comparison.operand
    if not isinstance(wanted, bool):
        raise _refuse(comparison, "true or false")
    return wanted


def _test(comparison: DataTest) -> Holds:
    test, wanted = TESTS[comparison.operator], _wanted(comparison)
    read = _read(comparison.variable)
    return lambda document, environment: test(read(document, environment)) is wanted


def _is_present(comparison: DataTest) -> Holds:
    read, wanted = _read(comparison.variable), _wanted(comparison)

    def condition(document: Json, environment: Environment) -> bool:
        try:
            read(document, environment)
        except EvaluationError:
            return not wanted
        return wanted

    return condition


def _string_matches(comparison: DataTest) -> Holds:
    read = _read(comparison.variable)
    if not isinstance(comparison.operand, str):
        raise _refuse(comparison, "a string")
    matches = string_matcher(comparison.operand)

    def condition(document: Json, environment: Environment) -> bool:
        value = read(document, environment)
        return isinstance(value, str) and matches(value)

    return condition
