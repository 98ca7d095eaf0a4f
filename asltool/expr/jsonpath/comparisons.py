"""The comparison operators of filters.

Values are JSON values, `UNDEFINED` for a path that finds nothing, and patterns. Literals in a filter are
strings, and a string on the right is converted to the type of the value on the left: ``@.n == 10`` compares
numbers, ``@.s > 10`` strings. On the left it stays a string.

Source: https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeAlias

from asltool.expr.jsonpath.errors import NoValue
from asltool.expr.jsonpath.java import decimal_in, decimal_of, node_text
from asltool.expr.values import string_less

__all__ = ["COMPARISONS", "UNDEFINED", "Comparable", "Compare", "compile_comparison"]


class _Undefined:
    """The type of `UNDEFINED`."""


UNDEFINED: Final = _Undefined()
"""What a path gives that finds nothing. Nothing can be compared with it."""

Comparable: TypeAlias = Any
Compare: TypeAlias = Callable[[Comparable, Comparable], bool]
"""``compare(left, right)``"""

Ordering: TypeAlias = int | None
"""-1, 0 or 1: the right value is less than, the same as or more than the left one.

None: nothing compares the two.
"""

_SHORT = re.compile(r"-?[0-9]{1,15}|-?[0-9]{1,8}(\.[0-9]{1,7})")

COMPARISONS: dict[str, tuple[tuple[Ordering, ...], Compare]] = {
    "==": ((0,), operator.eq),
    "!=": ((-1, 1), operator.ne),
    "<": ((1,), operator.lt),
    "<=": ((0, 1), operator.le),
    ">": ((-1,), operator.gt),
    ">=": ((-1, 0), operator.ge),
}
"""The orders for which an operator holds, and what it means for numbers."""

_ORDERED = ("<", "<=", ">", ">=")


def compile_comparison(sign: str, right: Comparable = None) -> Compare:
    """Return a function that compares a left value with a right one.

    Args:
        sign: the operator, such as ``==``.
        right: the right operand if it is a constant string, which is then converted only once.
    """
    if sign == "=~":
        return _matcher()
    wanted, compare_numbers = COMPARISONS[sign]
    if not isinstance(right, str):
        return lambda left, right: _is_comparable(left, right, sign) and _order(left, right) in wanted
    order_of, number = _StringOperand(right).order, _quick_number(right)

    def compare(left: Comparable, right: Comparable) -> bool:
        if left is None and sign in _ORDERED:
            return False
        return order_of(left) in wanted

    if number is None:
        return compare

    def compare_quickly(left: Comparable, right: Comparable) -> bool:
        kind = type(left)
        if kind is float or (kind is int and -(2**63) <= left < 2**63):
            return compare_numbers(left, number)
        return left is not UNDEFINED and compare(left, right)

    return compare_quickly


def _quick_number(text: str) -> float | None:
    """Return a number of up to 15 digits, which Python compares like a decimal."""
    short = _SHORT.fullmatch(text)
    return None if short is None else float(text) if short[1] else int(text)


def _is_comparable(left: Comparable, right: Comparable, sign: str) -> bool:
    """Return False for an order between null and another value."""
    return sign not in _ORDERED or (left is None) is (right is None)


def _order(left: Comparable, right: Comparable) -> Ordering:
    """Compare two values. None if they cannot be compared, which makes every operator false."""
    if left is UNDEFINED or right is UNDEFINED:
        return None
    if isinstance(right, str):
        return _StringOperand(right).order(left)
    if right is None or left is None or left == "null":
        return (right is not None) - (left is not None and left != "null")
    if isinstance(left, bool) or isinstance(right, bool):
        return right - left if isinstance(left, bool) and isinstance(right, bool) else None
    if isinstance(left, int | float) and isinstance(right, int | float):
        first, second = decimal_of(right), decimal_of(left)
        return None if first is None or second is None else _sign(first, second)
    return None


def _sign(first: Decimal | float, second: Decimal | float) -> int:
    return (first > second) - (first < second)


class _StringOperand:
    """A string on the right, which is converted to the type of the value that it is compared with.

    ``\\'`` in it means ``'``, as in 2.0.0. In 1.2.0 the backslash stays; it is not known which of the two the
    service uses. Ordering strings by UTF-16 units and comparing booleans with strings are not recorded
    either: both follow the library.
    """

    __slots__ = ("is_null", "number", "text", "truth")

    def __init__(self, text: str) -> None:
        self.is_null = text == "null"
        self.text = text.replace("\\'", "'")
        self.truth = text.lower() == "true"
        self.number = decimal_in(text)

    def order(self, left: Comparable) -> Ordering:
        kind = type(left)
        if left is None or (kind is str and left == "null"):
            return 0 if self.is_null else 1
        if self.is_null:
            return None if left is UNDEFINED else -1
        if kind is str:
            return 0 if left == self.text else 1 if string_less(left, self.text) else -1
        if kind is int or kind is float:
            return self.order_of_number(left)
        return self.truth - bool(left) if kind is bool else None

    def order_of_number(self, left: float) -> Ordering:
        number = decimal_of(left)
        if number is None:
            return None
        if self.number is None:
            raise NoValue(f'"{self.text}" cannot be compared with a number', kind="NumberFormatException")
        return _sign(self.number, number)


def _matcher() -> Compare:
    """``=~``: a pattern on either side must match the whole text of the other value.

    This follows the library; there is no record of how the service treats ``=~``.
    """
    from asltool.expr.jsonpath.regex import RegexPattern, UnsupportedRegexError

    def matches(left: Comparable, right: Comparable) -> bool:
        if left is UNDEFINED or right is UNDEFINED:
            return False
        pattern, value = (left, right) if type(left) is RegexPattern else (right, left)
        if type(pattern) is not RegexPattern:
            raise NoValue('"=~" needs a pattern such as /a.*/ on one side', kind="ClassCastException")
        if value is None:
            return False
        try:
            return pattern.matches(value.source if type(value) is RegexPattern else node_text(value))
        except UnsupportedRegexError as error:
            raise NoValue(str(error), kind="UnsupportedOperationException") from None

    return matches
