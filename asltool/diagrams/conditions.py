"""A Choice rule's condition in readable form: ``$.total > 100 and not $.vip``.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from asltool.syntax.condition import And, Condition, DataTest, Expression, Malformed, Not, Or
from asltool.syntax.model import ABSENT

__all__ = ["COMPARISONS", "IS", "bare", "condition_text"]

_ORDERED = {
    "Equals": "==",
    "LessThan": "<",
    "LessThanEquals": "<=",
    "GreaterThan": ">",
    "GreaterThanEquals": ">=",
}

COMPARISONS: Final[Mapping[str, str]] = {
    **{
        f"{kind}{operator}{path}": sign
        for kind in ("String", "Numeric", "Timestamp")
        for operator, sign in _ORDERED.items()
        for path in ("", "Path")
    },
    "BooleanEqualsPath": "==",
    "StringMatches": "matches",
}
"""What stands between the variable and the operand; an operator in ``…Path`` names where its operand is."""

IS: Final[Mapping[str, str]] = {
    "IsBoolean": "is a boolean",
    "IsNull": "is null",
    "IsNumeric": "is a number",
    "IsPresent": "is present",
    "IsString": "is a string",
    "IsTimestamp": "is a timestamp",
}
"""What an ``Is…`` test says when its operand is true."""


def condition_text(condition: Condition) -> str:
    """Return a condition on one line; JSONata is shown without its ``{% %}``.

    A malformed condition is shown as ``?`` and its JSON.
    """
    if isinstance(condition, Malformed):
        return f"? {json.dumps(condition.value, ensure_ascii=False)}"
    if isinstance(condition, Expression):
        return bare(condition.value) if isinstance(condition.value, str) else json.dumps(condition.value)
    if isinstance(condition, And):
        return " and ".join(map(_part, condition.parts))
    if isinstance(condition, Or):
        return " or ".join(map(_part, condition.parts))
    return _denied(condition.part) if isinstance(condition, Not) else _comparison(condition)


def bare(text: str) -> str:
    """Return an expression on one line; JSONata is shown without its ``{% %}``."""
    return " ".join(text.removeprefix("{%").removesuffix("%}").split())


def _part(condition: Condition) -> str:
    text = condition_text(condition)
    return f"({text})" if isinstance(condition, And | Or) else text


def _denied(condition: Condition) -> str:
    """Return the text of a ``Not``; a test for true or false is inverted."""
    if isinstance(condition, DataTest) and (
        condition.operator in IS or condition.operator == "BooleanEquals"
    ):
        return _comparison(condition, not condition.operand)
    return f"not ({condition_text(condition)})"


def _comparison(comparison: DataTest, operand: Any = ABSENT) -> str:
    variable, operator = comparison.variable, comparison.operator
    operand = comparison.operand if operand is ABSENT else operand
    if operator == "BooleanEquals":
        return variable if operand else f"not {variable}"
    if operator in IS:
        return f"{variable} {IS[operator] if operand else IS[operator].replace('is', 'is not', 1)}"
    value = operand if operator.endswith("Path") else json.dumps(operand, ensure_ascii=False)
    return f"{variable} {COMPARISONS[operator]} {value}"
