"""Values as Java writes and parses them, where this is visible in the library's results."""

from __future__ import annotations

import re
from decimal import Decimal

from asltool.expr.environment import Json
from asltool.expr.values import dumps

__all__ = ["decimal_in", "decimal_of", "map_text", "node_text"]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,10}))?")


def node_text(value: Json) -> str:
    """Return the text of a Jackson node: JSON, but a string is written without quotes."""
    if isinstance(value, str):
        return value
    return _number_text(value) if type(value) is float else dumps(value)


def map_text(value: Json) -> str:
    """Return the text of Java collections: objects as ``{a=1}`` and arrays as ``[1, b]``."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}={map_text(part)}' for name, part in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(map_text, value))}]"
    return node_text(value)


def _number_text(number: float) -> str:
    """Return a double as Java writes it, such as ``1.0E7``."""
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return str(number)
    sign, (first, *rest), exponent = Decimal(repr(number)).normalize().as_tuple()
    fraction = "".join(map(str, rest)) or "0"
    return f"{'-' * sign}{first}.{fraction}E{int(exponent) + len(rest)}"


def decimal_in(text: str) -> Decimal | None:
    """Return the number that Java's BigDecimal parses from a string; None if it fails."""
    found = _NUMBER.fullmatch(text)
    if found is None or abs(int(found[1] or 0)) >= 2**31:
        return None
    return Decimal(text)


def decimal_of(number: float) -> Decimal | None:
    """Return a number of the document for a comparison; None if it has more than 64 bits.

    The library does not compare numbers that Jackson stores as a BigInteger.
    """
    if type(number) is float:
        return Decimal(repr(number))
    return Decimal(number) if -(2**63) <= number < 2**63 else None
