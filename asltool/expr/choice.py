"""The comparison operators of Choice rules: which values they compare, and how.

They are in one table. Each compares with a constant or, if its name ends with ``Path``, with the value of a
path. A value of another type never matches, which is not an error.

Source: https://states-language.net/spec.html#choice-state
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from asltool.errors import ExpressionError
from asltool.expr.environment import Json
from asltool.expr.timestamps import nanoseconds
from asltool.expr.values import string_less

__all__ = ["COMPARISONS", "TESTS", "ComparedType", "Comparing", "string_matcher"]


class ComparedType(NamedTuple):
    """A type that operators compare; ``convert`` makes a value comparable, or None if it is not valid."""

    expected: str
    types: tuple[type, ...]
    convert: Callable[[Any], Any] | None = None

    def value(self, value: Json) -> Any:
        """Return what to compare, or None if the value is of another type."""
        if type(value) not in self.types:
            return None
        return value if self.convert is None else self.convert(value)


BOOLEAN = ComparedType("true or false", (bool,))
NUMERIC = ComparedType("a number", (int, float))
STRING = ComparedType("a string", (str,))
TIMESTAMP = ComparedType("a timestamp such as 2024-01-31T12:00:00Z", (str,), nanoseconds)


class Comparing(NamedTuple):
    """What an operator compares, and the required order or equality."""

    family: ComparedType
    holds: Callable[[Any, Any], bool]


COMPARISONS: dict[str, Comparing] = {
    "BooleanEquals": Comparing(BOOLEAN, operator.eq),
    "NumericEquals": Comparing(NUMERIC, operator.eq),
    "NumericGreaterThan": Comparing(NUMERIC, operator.gt),
    "NumericGreaterThanEquals": Comparing(NUMERIC, operator.ge),
    "NumericLessThan": Comparing(NUMERIC, operator.lt),
    "NumericLessThanEquals": Comparing(NUMERIC, operator.le),
    "StringEquals": Comparing(STRING, operator.eq),
    "StringGreaterThan": Comparing(STRING, lambda left, right: string_less(right, left)),
    "StringGreaterThanEquals": Comparing(STRING, lambda left, right: not string_less(left, right)),
    "StringLessThan": Comparing(STRING, string_less),
    "StringLessThanEquals": Comparing(STRING, lambda left, right: not string_less(right, left)),
    "TimestampEquals": Comparing(TIMESTAMP, operator.eq),
    "TimestampGreaterThan": Comparing(TIMESTAMP, operator.gt),
    "TimestampGreaterThanEquals": Comparing(TIMESTAMP, operator.ge),
    "TimestampLessThan": Comparing(TIMESTAMP, operator.lt),
    "TimestampLessThanEquals": Comparing(TIMESTAMP, operator.le),
}

TESTS: dict[str, Callable[[Json], bool]] = {
    "IsBoolean": lambda value: BOOLEAN.value(value) is not None,
    "IsNull": lambda value: value is None,
    "IsNumeric": lambda value: NUMERIC.value(value) is not None,
    "IsString": lambda value: STRING.value(value) is not None,
    "IsTimestamp": lambda value: TIMESTAMP.value(value) is not None,
}


_PATTERN_TOKEN = re.compile(r"\\[*\\]|\*|[^*\\]+")


def string_matcher(pattern: str) -> Callable[[str], bool]:
    """Return a function that checks whether a string matches a pattern of ``StringMatches``.

    Raises:
        ExpressionError: a backslash is followed by a character other than ``*`` or a backslash.
    """
    return _matcher(_pattern_parts(pattern))


def _pattern_parts(pattern: str) -> list[str]:
    """Return the parts between the ``*``, with escapes resolved."""
    parts = [""]
    position = 0
    while position < len(pattern):
        token = _PATTERN_TOKEN.match(pattern, position)
        if token is None:
            raise ExpressionError(
                'a backslash is allowed only before "*" or another backslash', pattern, position
            )
        if token[0] == "*":
            parts.append("")
        else:
            parts[-1] += token[0][1:] if token[0][0] == "\\" else token[0]
        position = token.end()
    return parts


def _matcher(parts: list[str]) -> Callable[[str], bool]:
    """Return a function that checks whether a text has all parts in order, the first and last at its ends.

    Searching for one part after the other takes linear time; a regular expression could take forever.
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
