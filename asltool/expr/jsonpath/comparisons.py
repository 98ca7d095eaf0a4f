"""What the operators of a filter mean.

Values are JSON values, `UNDEFINED` for a path that finds nothing, `Text` for JSON that stands in the path,
and patterns. The rules are Jayway's, not JSON's: a number and a text with the same digits are equal, ``1``
inside an array is not ``1.0``, and a literal array is equal to nothing if it is on the left.

An operator that does not fit its operands raises `InvalidPath`, which makes the whole filter false.

Source: https://github.com/json-path/JsonPath
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import Failure, InvalidPath, Unreadable
from asltool.expr.jsonpath.java import number_text
from asltool.expr.jsonpath.literals import read_literal, read_number
from asltool.expr.jsonpath.parser import parse
from asltool.expr.jsonpath.reader import unescape
from asltool.expr.jsonpath.regex import Pattern, UnsupportedRegexError
from asltool.expr.values import string_less

__all__ = ["COMPARISONS", "UNDEFINED", "Compare", "Value", "text_value"]


class _Undefined:
    """The type of `UNDEFINED`."""


UNDEFINED: Final = _Undefined()
"""What a path gives that finds nothing. Equal to nothing, not to itself either."""


Value: TypeAlias = Any
Compare: TypeAlias = Callable[[Value, Value], bool]

_NUMBERS = (int, float)
_SCALARS = (str, bool, type(None), int, float)


@dataclass(frozen=True, slots=True)
class Text:
    """An array or object that is written in the path: its value and, of an array, the elements to compare."""

    text: str
    value: Json
    elements: tuple[Value, ...] | Failure | None


def text_value(text: str) -> Text:
    """Return what a JSON text in the path stands for.

    Raises:
        ValueError: the text is no JSON, not even loosely.
    """
    value = read_literal(text)
    try:
        return Text(text, value, _elements(value))
    except Failure as failure:
        return Text(text, value, failure)


def equal(left: Value, right: Value) -> bool:
    """``==``"""
    if isinstance(left, Text) and isinstance(right, (dict, list, Text)):
        return False
    return same(left, right.value if isinstance(right, Text) else right)


def _is_identical(left: Value, right: Value) -> bool:
    """``===``: equal, and of one kind."""
    return _kind(left) == _kind(right) and equal(left, right)


def _kind(value: Value) -> object:
    if type(value) in _NUMBERS:
        return float
    return Text if isinstance(value, (dict, list)) else type(value)


def same(left: Value, right: Value) -> bool:
    """Return whether a value is what an element of a list is."""
    kind, other = type(left), type(right)
    if kind is other and kind in _SCALARS:
        return bool(left == right)
    if kind in _NUMBERS:
        return left == (read_number(right) if other is str else right) and other is not bool
    if kind is str:
        return other in _NUMBERS and bool(left == number_text(right))
    if kind is Text:
        return other is Text and bool(left.text == right.text)
    return (kind is dict or kind is list) and _same_parts(left, right)


def _same_parts(left: Value, right: Value) -> bool:
    """Compare as Java compares its collections: an int is no double."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same_parts(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same_parts, left, right))
    return bool(left == right)


def _ordered(numbers: Compare, texts: Compare) -> Compare:
    def compare(left: Value, right: Value) -> bool:
        kind, other = type(left), type(right)
        if kind in _NUMBERS:
            return other in _NUMBERS and numbers(left, right)
        return kind is str and other is str and texts(left, right)

    return compare


def _elements(value: Value) -> tuple[Value, ...] | None:
    """Return the elements of an array, as values to compare; None for an object.

    Raises:
        InvalidPath: the value is neither.
        Failure: an element is an array or an object.
    """
    if isinstance(value, Text):
        if isinstance(value.elements, Failure):
            raise value.elements.again()
        return value.elements
    if isinstance(value, list):
        return tuple(map(_element, value))
    if isinstance(value, dict):
        return None
    raise InvalidPath("Expected value list node")


def _element(value: Json) -> Value:
    """Return what an element stands for: texts are looked into once more."""
    if isinstance(value, (dict, list)):
        raise Failure("Could not determine value type")
    if not isinstance(value, str):
        return value
    inside = value.strip()
    if inside[:1] in ("$", "@") and _is_path(inside):
        return UNDEFINED
    if inside[:1] + inside[-1:] in ("[]", "{}") and (text := _json(value)):
        return text
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    try:
        return unescape(value)
    except ValueError as error:
        raise Failure(str(error)) from None


def _is_path(text: str) -> bool:
    try:
        parse(text)
    except Unreadable:
        return False
    return True


def _json(text: str) -> Text | None:
    try:
        return Text(text, read_literal(text), None)
    except ValueError:
        return None


def _is_in(left: Value, right: Value) -> bool:
    elements = _elements(right)
    return elements is not None and any(same(left, element) for element in elements)


def _contains(left: Value, right: Value) -> bool:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return isinstance(left, (dict, list, Text)) and _is_in(right, left)


def _of_lists(holds: Callable[[tuple[Value, ...], tuple[Value, ...]], bool]) -> Compare:
    def compare(left: Value, right: Value) -> bool:
        others = _elements(right)
        elements = None if others is None else _elements(left)
        return others is not None and elements is not None and holds(elements, others)

    return compare


def _is_subset(elements: tuple[Value, ...], others: tuple[Value, ...]) -> bool:
    return all(any(same(element, other) for other in others) for element in elements)


def _has_common(elements: tuple[Value, ...], others: tuple[Value, ...]) -> bool:
    return any(same(element, other) for element in elements for other in others)


def _has_size(left: Value, right: Value) -> bool:
    if type(right) not in _NUMBERS:
        return False
    value = left.value if isinstance(left, Text) else left
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) // 2 == int(right)
    if isinstance(value, list):
        return len(value) == int(right)
    return isinstance(value, dict) and int(right) == -1


def _is_empty(left: Value, right: Value) -> bool:
    value = left.value if isinstance(left, Text) else left
    if isinstance(value, dict):
        raise Failure("an object is no collection", "ClassCastException")
    return isinstance(value, (str, list)) and (not value) is _boolean(right)


def _boolean(value: Value) -> bool:
    if not isinstance(value, bool):
        raise InvalidPath("Expected boolean node")
    return value


def _exists(left: Value, right: Value) -> bool:
    if not isinstance(left, bool) and not isinstance(right, bool):
        raise Failure("Failed to evaluate exists expression")
    return _boolean(left) is _boolean(right)


def _matches(left: Value, right: Value) -> bool:
    if isinstance(left, Pattern) == isinstance(right, Pattern):
        return False
    pattern, value = (left, right) if isinstance(left, Pattern) else (right, left)
    values = _elements(value) if isinstance(value, (list, Text)) else None
    try:
        return any(pattern.matches(_input(element)) for element in ([value] if values is None else values))
    except UnsupportedRegexError as error:
        raise Failure(str(error), "UnsupportedOperationException") from None


def _input(value: Value) -> str:
    """Return the text that a pattern is compared with: that of nothing is empty."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    return number_text(value) if isinstance(value, _NUMBERS) else ""


def _never(what: str) -> Compare:
    """Return an operator that a text has no operand for: only programs do."""

    def compare(left: Value, right: Value) -> bool:
        raise InvalidPath(f"Expected {what} node")

    return compare


def _not(compare: Compare) -> Compare:
    return lambda left, right: not compare(left, right)


COMPARISONS: dict[str, Compare] = {
    "==": equal,
    "!=": _not(equal),
    "===": _is_identical,
    "!==": _not(_is_identical),
    "<": _ordered(operator.lt, string_less),
    "<=": _ordered(operator.le, lambda left, right: not string_less(right, left)),
    ">": _ordered(operator.gt, lambda left, right: string_less(right, left)),
    ">=": _ordered(operator.ge, lambda left, right: not string_less(left, right)),
    "=~": _matches,
    "ALL": _never("value list"),
    "ANYOF": _of_lists(_has_common),
    "CONTAINS": _contains,
    "EMPTY": _is_empty,
    "EXISTS": _exists,
    "IN": _is_in,
    "MATCHES": _never("predicate"),
    "NIN": _not(_is_in),
    "NONEOF": _of_lists(lambda elements, others: not _has_common(elements, others)),
    "SIZE": _has_size,
    "SUBSETOF": _of_lists(_is_subset),
    "TYPE": _never("class"),
}
"""The operators, in upper case."""
