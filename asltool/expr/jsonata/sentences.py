"""JSONata 2.0.6's messages for syntax errors. The service shows them without the code.

Source: the behaviour of jsonata-js 2.0.6
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

__all__ = ["sentence"]

_SENTENCES = {
    "S0101": "String literal must be terminated by a matching quote",
    "S0102": "Number out of range: {token}",
    "S0103": "Unsupported escape sequence: \\{token}",
    "S0104": "The escape sequence \\u must be followed by 4 hex digits",
    "S0105": "Quoted property name must be terminated with a backquote (`)",
    "S0106": "Comment has no closing tag",
    "S0201": "Syntax error: {token}",
    "S0202": "Expected {value}, got {token}",
    "S0203": "Expected {value} before end of expression",
    "S0204": "Unknown operator: {token}",
    "S0207": "Unexpected end of expression",
    "S0208": "Parameter {value} of function definition must be a variable name (start with $)",
    "S0209": "A predicate cannot follow a grouping expression in a step",
    "S0210": "Each step can only have one grouping expression",
    "S0211": "The symbol {token} cannot be used as a unary operator",
    "S0212": "The left side of := must be a variable name (start with $)",
    "S0213": "The literal value {value} cannot be used as a step within a path expression",
    "S0214": "The right side of {token} must be a variable name (start with $)",
    "S0215": "A context variable binding must precede any predicates on a step",
    "S0216": "A context variable binding must precede the 'order-by' clause on a step",
    "S0217": "The object representing the 'parent' cannot be derived from this expression",
    "S0301": "Empty regular expressions are not allowed",
    "S0302": "No terminating / in regular expression",
    "S0401": "Type parameters can only be applied to functions and arrays",
    "S0402": "Choice groups containing parameterized types are not supported",
}

_HALF = re.compile("[\ud800-\udfff]")
_LEAST_PLAIN, _MOST_PLAIN = 1e-6, 1e21
"""Numbers outside are written with an exponent."""


def sentence(code: str, facts: Mapping[str, Any]) -> str | None:
    """Return the message for a code with its facts written as JSON; None if it is not a JSONata code."""
    text = _SENTENCES.get(code)
    return text and re.sub(r"\{(\w+)\}", lambda match: _json(facts[match[1]]), text)


def _json(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, ensure_ascii=False))


def _number(number: float) -> str:
    """Write a number as JavaScript does."""
    shortest = repr(float(number))
    if number == 0 or _LEAST_PLAIN <= abs(number) < _MOST_PLAIN:
        return f"{Decimal(shortest):f}".removesuffix(".0").removeprefix("-" if number == 0 else "")
    mantissa, _, exponent = shortest.partition("e")
    return f"{mantissa}e{int(exponent):+d}"
