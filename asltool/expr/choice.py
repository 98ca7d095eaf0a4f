"""Choice rules: what a comparison says about the input.

One table holds the comparisons. Each compares with a constant; with ``Path`` at its end, with what a path
finds. A value of another type than the comparison's never matches, which is no error; a path that finds
nothing is one.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from asltool.errors import EvaluationError, ExpressionError
from asltool.expr.environment import Environment, Evaluate, Json
from asltool.expr.jsonpath import compile_path
from asltool.expr.timestamps import nanoseconds
from asltool.expr.values import string_less

__all__ = ["OPERATORS", "Condition", "compile_condition"]

Condition = Callable[[Json, Environment], bool]
"""A compiled rule: ``condition(document, environment)``, raising `EvaluationError`."""


class Family(NamedTuple):
    """The values that one family of comparisons compares, and what stands for them; None: not one of them."""

    expected: str
    types: tuple[type, ...]
    convert: Callable[[Any], Any] | None = None

    def value(self, value: Json) -> Any:
        """Return what to compare, or None if the value does not belong to the family."""
        if type(value) not in self.types:
            return None
        return value if self.convert is None else self.convert(value)


BOOLEAN = Family("true or false", (bool,))
NUMERIC = Family("a number", (int, float))
STRING = Family("a string", (str,))
TIMESTAMP = Family("a timestamp such as 2024-01-31T12:00:00Z", (str,), nanoseconds)

COMPARISONS: dict[str, tuple[Family, Callable[[Any, Any], bool]]] = {
    "BooleanEquals": (BOOLEAN, operator.eq),
    "NumericEquals": (NUMERIC, operator.eq),
    "NumericGreaterThan": (NUMERIC, operator.gt),
    "NumericGreaterThanEquals": (NUMERIC, operator.ge),
    "NumericLessThan": (NUMERIC, operator.lt),
    "NumericLessThanEquals": (NUMERIC, operator.le),
    "StringEquals": (STRING, operator.eq),
    "StringGreaterThan": (STRING, lambda left, right: string_less(right, left)),
    "StringGreaterThanEquals": (STRING, lambda left, right: not string_less(left, right)),
    "StringLessThan": (STRING, string_less),
    "StringLessThanEquals": (STRING, lambda left, right: not string_less(right, left)),
    "TimestampEquals": (TIMESTAMP, operator.eq),
    "TimestampGreaterThan": (TIMESTAMP, operator.gt),
    "TimestampGreaterThanEquals": (TIMESTAMP, operator.ge),
    "TimestampLessThan": (TIMESTAMP, operator.lt),
    "TimestampLessThanEquals": (TIMESTAMP, operator.le),
}

TESTS: dict[str, Callable[[Json], bool]] = {
    "IsBoolean": lambda value: BOOLEAN.value(value) is not None,
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: NUMERIC.value(value) is not None,
    "IsString": lambda value: STRING.value(value) is not None,
    "IsTimestamp": lambda value: TIMESTAMP.value(value) is not None,
}


def compile_condition(rule: Json) -> Condition:
    """Compile one Choice rule, or a rule inside And, Or or Not.

    Only the comparison is looked at: Next, Comment, Assign and Output are not.

    Raises:
        ExpressionError: the rule has no comparison or several, or one that lacks what it needs.
    """
    try:
        return _compile(rule)
    except RecursionError:
        raise ExpressionError("the Choice rule is nested too deeply", "", 0) from None


def _compile(rule: Json) -> Condition:
    if not isinstance(rule, dict):
        raise ExpressionError("a Choice rule must be an object", "", 0)
    found = sorted(rule.keys() & OPERATORS.keys())
    unknown = sorted(rule.keys() - OPERATORS.keys() - OTHER_FIELDS)
    if unknown:
        raise ExpressionError(f'unexpected field "{unknown[0]}" in a Choice rule', unknown[0], 0)
    if len(found) != 1:
        names = ", ".join(f'"{name}"' for name in found) or "none"
        raise ExpressionError(f"a Choice rule must have exactly one comparison; it has {names}", "", 0)
    return OPERATORS[found[0]](rule, found[0])


OTHER_FIELDS = {"Assign", "Comment", "Next", "Output", "Variable"}


def _read(text: Json, field: str) -> Evaluate:
    """Compile a path of a rule, giving it the service's cause for finding nothing."""
    if not isinstance(text, str):
        raise ExpressionError(f'"{field}" must be a path', field, 0)
    read = compile_path(text).read

    def evaluate(document: Json, environment: Environment) -> Json:
        try:
            return read(document, environment)
        except EvaluationError:
            cause = f"Invalid path '{text}': The choice state's condition path references an invalid value."
            raise EvaluationError("States.Runtime", cause, text) from None

    return evaluate


def _constant(rule: dict[str, Json], name: str) -> Condition:
    family, compare = COMPARISONS[name]
    read = _read(rule.get("Variable"), "Variable")
    constant = family.value(rule[name])
    if constant is None:
        raise ExpressionError(f'"{name}" must be {family.expected}', name, 0)
    if family.convert is None:
        types = family.types

        def condition(document: Json, environment: Environment) -> bool:
            value = read(document, environment)
            return type(value) in types and compare(value, constant)

        return condition

    def condition_converted(document: Json, environment: Environment) -> bool:
        value = family.value(read(document, environment))
        return value is not None and compare(value, constant)

    return condition_converted


def _path(rule: dict[str, Json], name: str) -> Condition:
    family, compare = COMPARISONS[name.removesuffix("Path")]
    read = _read(rule.get("Variable"), "Variable")
    read_other = _read(rule[name], name)

    def condition(document: Json, environment: Environment) -> bool:
        value = family.value(read(document, environment))
        other = family.value(read_other(document, environment))
        return value is not None and other is not None and compare(value, other)

    return condition


def _wanted(rule: dict[str, Json], name: str) -> bool:
    wanted = rule[name]
    if not isinstance(wanted, bool):
        raise ExpressionError(f'"{name}" must be true or false', name, 0)
    return wanted


def _test(rule: dict[str, Json], name: str) -> Condition:
    test, wanted = TESTS[name], _wanted(rule, name)
    read = _read(rule.get("Variable"), "Variable")
    return lambda document, environment: test(read(document, environment)) is wanted


def _is_present(rule: dict[str, Json], name: str) -> Condition:
    read, wanted = _read(rule.get("Variable"), "Variable"), _wanted(rule, name)

    def condition(document: Json, environment: Environment) -> bool:
        try:
            read(document, environment)
        except EvaluationError:
            return not wanted
        return wanted

    return condition


_PATTERN_TOKEN = re.compile(r"\\[*\\]|\*|[^*\\]+")


def _string_matches(rule: dict[str, Json], name: str) -> Condition:
    read = _read(rule.get("Variable"), "Variable")
    if not isinstance(rule[name], str):
        raise ExpressionError(f'"{name}" must be a string', name, 0)
    matches = _matcher(_pattern_parts(rule[name]))

    def condition(document: Json, environment: Environment) -> bool:
        value = read(document, environment)
        return isinstance(value, str) and matches(value)

    return condition


def _pattern_parts(pattern: str) -> list[str]:
    """Return the texts around each ``*``, escapes undone."""
    parts = [""]
    position = 0
    while position < len(pattern):
        token = _PATTERN_TOKEN.match(pattern, position)
        if token is None:
            raise ExpressionError(
                'a backslash may only stand before "*" or another backslash', pattern, position
            )
        if token[0] == "*":
            parts.append("")
        else:
            parts[-1] += token[0][1:] if token[0][0] == "\\" else token[0]
        position = token.end()
    return parts


def _matcher(parts: list[str]) -> Callable[[str], bool]:
    """Return what tells whether a text has all parts, in order, the first and last at its ends.

    Looking for one part after the other takes linear time, where a regular expression could take forever.
    """
    if len(parts) == 1:
        return parts[0].__eq__
    first, *middle, last = parts

    def matches(text: str) -> bool:
        start, end = len(first), len(text) - len(last)
        if start > end or not text.startswith(first) or not text.endswith(last):
            return False
        for part in middle:
            found = text.find(part, start, end)
            if found < 0:
                return False
            start = found + len(part)
        return True

    return matches


def _rules(rule: dict[str, Json], name: str) -> list[Condition]:
    if not isinstance(rule[name], list) or not rule[name]:
        raise ExpressionError(f'"{name}" must be an array of at least one rule', name, 0)
    return [_compile(inner) for inner in rule[name]]


def _and(rule: dict[str, Json], name: str) -> Condition:
    conditions = _rules(rule, name)
    return lambda document, environment: all(condition(document, environment) for condition in conditions)


def _or(rule: dict[str, Json], name: str) -> Condition:
    conditions = _rules(rule, name)
    return lambda document, environment: any(condition(document, environment) for condition in conditions)


def _not(rule: dict[str, Json], name: str) -> Condition:
    condition = _compile(rule[name])
    return lambda document, environment: not condition(document, environment)


OPERATORS: dict[str, Callable[[dict[str, Json], str], Condition]] = {
    "And": _and,
    "IsPresent": _is_present,
    "Not": _not,
    "Or": _or,
    "StringMatches": _string_matches,
    **dict.fromkeys(COMPARISONS, _constant),
    **dict.fromkeys((f"{name}Path" for name in COMPARISONS), _path),
    **dict.fromkeys(TESTS, _test),
}
"""Every operator of a Choice rule, by what compiles it."""
