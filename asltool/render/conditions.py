"""A Choice rule's condition as people say it: ``$.total > 100 and not $.vip``.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from asltool.errors import RenderError

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


def condition_text(condition: Any) -> str:
    """Return a condition on one line.

    Args:
        condition: a JSONata text, which loses its ``{% %}``, or a comparison as it stands in the document.

    Raises:
        RenderError: a comparison without an operator of the specification.
    """
    if isinstance(condition, str):
        return bare(condition)
    if not isinstance(condition, Mapping):
        return json.dumps(condition)
    if "And" in condition:
        return " and ".join(map(_operand, condition["And"]))
    if "Or" in condition:
        return " or ".join(map(_operand, condition["Or"]))
    if "Not" in condition:
        return _denied(condition["Not"])
    return _comparison(condition)


def bare(text: str) -> str:
    """Return an expression on one line, a JSONata text without its ``{% %}``."""
    return " ".join(text.removeprefix("{%").removesuffix("%}").split())


def _operand(condition: Any) -> str:
    text = condition_text(condition)
    return f"({text})" if "And" in condition or "Or" in condition else text


def _denied(condition: Mapping[str, Any]) -> str:
    """Return what ``Not`` says; a test of true or false is turned round."""
    for operator in ("BooleanEquals", *IS):
        if operator in condition:
            return _comparison({**condition, operator: not condition[operator]})
    return f"not ({condition_text(condition)})"


def _comparison(condition: Mapping[str, Any]) -> str:
    variable = condition.get("Variable")
    for operator, operand in condition.items():
        if operator == "BooleanEquals":
            return f"{variable}" if operand else f"not {variable}"
        if operator in IS:
            return f"{variable} {IS[operator] if operand else IS[operator].replace('is', 'is not', 1)}"
        if operator in COMPARISONS:
            value = operand if operator.endswith("Path") else json.dumps(operand, ensure_ascii=False)
            return f"{variable} {COMPARISONS[operator]} {value}"
    raise RenderError(f"a Choice rule has no comparison that can be read: {json.dumps(condition)}")
