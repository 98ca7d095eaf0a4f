"""The match types of event patterns: each turns its operand into a test of a leaf.

They reject operands with event-ruler's messages, and with the path from the operand to the fault.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html and
https://github.com/aws/event-ruler
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from typing import Any, TypeAlias

from asltool.syntax.model import Pointer
from asltool.triggers.patterns.addresses import in_cidr
from asltool.triggers.patterns.leaves import Leaf
from asltool.triggers.patterns.wildcards import compile_wildcard

__all__ = ["MATCH_TYPES", "PatternFault", "Test", "is_number"]

Test: TypeAlias = "Callable[[Leaf], bool]"

_LIMIT = 5_000_000_000
_DECIMALS = 6


class PatternFault(Exception):
    """A fault in a pattern at ``pointer``; with ``key``, it is the key before that value."""

    def __init__(self, message: str, pointer: Pointer = (), *, key: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer
        self.key = key

    def below(self, *steps: str | int) -> PatternFault:
        """Return the fault with keys prepended to its pointer."""
        return PatternFault(self.message, (*steps, *self.pointer), key=self.key)


def is_number(value: Any) -> bool:
    """Return whether a JSON value is a number; true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _string(operand: Any, message: str) -> str:
    if not isinstance(operand, str):
        raise PatternFault(message)
    return operand


def _on_strings(test: Callable[[str], bool]) -> Test:
    return lambda leaf: isinstance(leaf, str) and test(leaf)


def _only_key(operand: dict[str, Any], message: str = "Only one key allowed in match expression") -> None:
    """Check this after the first key's operand, because event-ruler reads from left to right."""
    if len(operand) > 1:
        raise PatternFault(message, (list(operand)[1],), key=True)


def _exactly(operand: Any) -> Test:
    wanted = _string(operand, "exact match pattern must be a string")
    return lambda leaf: leaf == wanted


def _equals_ignore_case(operand: Any) -> Test:
    wanted = _string(operand, "equals-ignore-case match pattern must be a string").lower()
    return _on_strings(lambda leaf: leaf.lower() == wanted)


def _end(name: str, test: Callable[[str, str], bool]) -> Callable[[Any], Test]:
    """Return the match type of ``prefix`` or ``suffix``."""

    def compile_end(operand: Any) -> Test:
        if not isinstance(operand, dict):
            wanted = _string(operand, f"{name} match pattern must be a string")
            return _on_strings(lambda leaf: test(leaf, wanted))
        if not operand:
            raise PatternFault(f"{name.capitalize()} expression name not found")
        inner = next(iter(operand))
        if inner != "equals-ignore-case":
            raise PatternFault(f"Unsupported {name} pattern: {inner}", (inner,), key=True)
        try:
            folded = _string(operand[inner], "equals-ignore-case match pattern must be a string").lower()
        except PatternFault as fault:
            raise fault.below(inner) from None
        _only_key(operand)
        return _on_strings(lambda leaf: test(leaf.lower(), folded))

    return compile_end


def _wildcard(operand: Any) -> Test:
    text = _string(operand, "wildcard match pattern must be a string")
    try:
        return _on_strings(compile_wildcard(text))
    except ValueError as problem:
        raise PatternFault(str(problem)) from None


def _cidr(operand: Any) -> Test:
    # This is event-ruler's own message, although it names another match type.
    text = _string(operand, "prefix match pattern must be a string")
    try:
        return in_cidr(text)
    except ValueError as problem:
        raise PatternFault(str(problem)) from None


# Numbers

_OPERATORS = {"=": operator.eq, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}


def _comparable(number: float) -> bool:
    """Return whether event-ruler can compare a number: at most 5e9 either way, with at most 6 decimals."""
    return -_LIMIT <= number <= _LIMIT and (isinstance(number, int) or round(number, _DECIMALS) == number)


def _limit(number: float) -> None:
    """Check a number that event values are compared with."""
    if not -_LIMIT <= number <= _LIMIT:
        raise PatternFault("Value must be between -5.0E9 and 5.0E9, inclusive")
    if not _comparable(number):
        raise PatternFault(f"Only values upto 6 decimals are supported{number} {number}")


def _shown(parts: list[Any], index: int) -> str:
    """Return the token at an index, as event-ruler's parser names it."""
    if index >= len(parts):
        return "]"
    part = parts[index]
    if isinstance(part, str):
        return part
    return json.dumps(part)[:1] if isinstance(part, dict | list) else json.dumps(part)


def _number(parts: list[Any], index: int) -> float:
    """Return the number after the operator at an index."""
    if index + 1 >= len(parts) or not is_number(parts[index + 1]):
        name = "equals" if parts[index] == "=" else parts[index]
        raise PatternFault(f"Value of {name} must be numeric", (index + 1,) if index + 1 < len(parts) else ())
    number: float = parts[index + 1]
    return number


def _numeric(operand: Any) -> Test:
    if not isinstance(operand, list):
        raise PatternFault("Value of numeric must be an array.")
    if not operand or not isinstance(operand[0], str):
        raise PatternFault(f"Invalid member in numeric match: {_shown(operand, 0)}", (0,) if operand else ())
    if operand[0] not in _OPERATORS:
        raise PatternFault(f"Unrecognized numeric range operator: {operand[0]}", (0,))
    first = _number(operand, 0)
    if len(operand) == 2:
        return _one_sided(operand[0], first)
    if operand[0] not in (">", ">="):
        raise PatternFault("Too many elements in numeric expression", (2,))
    if not isinstance(operand[2], str):
        raise PatternFault(f"Bad value in numeric range: {_shown(operand, 2)}", (2,))
    if operand[2] not in ("<", "<="):
        raise PatternFault(f"Bad numeric range operator: {operand[2]}", (2,))
    last = _number(operand, 2)
    if len(operand) > 4:
        raise PatternFault("Too many terms in numeric range expression", (4,))
    for index, number in ((1, first), (3, last)):
        try:
            _limit(number)
        except PatternFault as fault:
            raise fault.below(index) from None
    if first >= last:
        raise PatternFault("Bottom must be less than top", (3,))
    above, below = _OPERATORS[operand[0]], _OPERATORS[operand[2]]
    return lambda leaf: (
        isinstance(leaf, int | float) and _comparable(leaf) and above(leaf, first) and below(leaf, last)
    )


def _one_sided(sign: str, number: float) -> Test:
    try:
        _limit(number)
    except PatternFault as fault:
        raise fault.below(1) from None
    if (sign in (">", ">=") and number == _LIMIT) or (sign in ("<", "<=") and number == -_LIMIT):
        raise PatternFault("Bottom must be less than top", (1,))
    compare = _OPERATORS[sign]
    return lambda leaf: isinstance(leaf, int | float) and _comparable(leaf) and compare(leaf, number)


# Anything but

_NOT_A_VALUE = "Value of anything-but must be an array or single string/number value."
_ENDS = "prefix/suffix match pattern must be a string"
_NEGATED = {
    "equals-ignore-case": "Inside anything-but/equals-ignore-case list, "
    "number|start|null|boolean is not supported.",
    "prefix": _ENDS,
    "suffix": _ENDS,
    "wildcard": "wildcard match pattern must be a string",
}
"""The match types that ``anything-but`` takes, with the words for operands that are not strings."""


def _anything_but(operand: Any) -> Test:
    if isinstance(operand, dict):
        return _anything_but_that(operand)
    if not isinstance(operand, str | list) and not is_number(operand):
        raise PatternFault(_NOT_A_VALUE)
    values = operand if isinstance(operand, list) else [operand]
    for index, value in enumerate(values):
        steps = (index,) if isinstance(operand, list) else ()
        if is_number(value):
            try:
                _limit(value)
            except PatternFault as fault:
                raise fault.below(*steps) from None
        elif not isinstance(value, str):
            raise PatternFault("Inside anything but list, start|null|boolean is not supported.", steps)
    if len({isinstance(value, str) for value in values}) != 1:
        raise PatternFault(
            "Inside anything but list, either all values are number or string, mixed type is not supported"
        )
    refused = frozenset(values)
    return lambda leaf: leaf not in refused


def _anything_but_that(operand: dict[str, Any]) -> Test:
    """Compile ``anything-but`` of another match type, with one operand or a list of them."""
    if not operand:
        raise PatternFault("Anything-But expression name not found")
    name, given = next(iter(operand.items()))
    if name not in _NEGATED:
        raise PatternFault(f"Unsupported anything-but pattern: {name}", (name,), key=True)
    if not isinstance(given, str | list) and not is_number(given):
        raise PatternFault(_NOT_A_VALUE, (name,))
    tests = []
    for index, value in enumerate(given if isinstance(given, list) else [given]):
        steps = (name, index) if isinstance(given, list) else (name,)
        if not isinstance(value, str):
            raise PatternFault(_NEGATED[name], steps)
        if not value and name in ("prefix", "suffix"):
            raise PatternFault("Null prefix/suffix not allowed", steps)
        try:
            tests.append(MATCH_TYPES[name](value))
        except PatternFault as fault:
            raise fault.below(*steps) from None
    _only_key(operand, "Too many elements in numeric expression")
    return lambda leaf: not any(test(leaf) for test in tests)


MATCH_TYPES: dict[str, Callable[[Any], Test]] = {
    "anything-but": _anything_but,
    "cidr": _cidr,
    "equals-ignore-case": _equals_ignore_case,
    "exactly": _exactly,
    "numeric": _numeric,
    "prefix": _end("prefix", str.startswith),
    "suffix": _end("suffix", str.endswith),
    "wildcard": _wildcard,
}
"""All match types but ``exists``, which is about the field and not its value."""
