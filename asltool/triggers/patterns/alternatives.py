"""Split a pattern into alternatives. An event must match one of them; without ``$or`` there is only one.

As in event-ruler, each branch of an ``$or`` extends the conditions read before it. If an alternative has two
conditions on one path, the last one counts. A pattern that is not valid with ``$or`` as an operator is read
again with ``$or`` as a field name; errors are those of the second reading.

Source: https://github.com/aws/event-ruler
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from asltool.syntax.model import Pointer
from asltool.triggers.patterns.addresses import Address, address_of
from asltool.triggers.patterns.leaves import FALSE, TRUE, Leaf, path_of
from asltool.triggers.patterns.match_types import MATCH_TYPES, PatternFault, Test

__all__ = ["Alternative", "LeafCondition", "alternatives_of"]

_MOST = 1_000
"""The largest number of alternatives that the service accepts."""

_DEEPEST = 100

_RESERVED = frozenset(
    {"=", "<", "<=", ">", ">=", "exists", "html", "regex", "not-wildcard", "not-equals-ignore-case"}
    | {"date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"}
    | {"ip-address-in-range", "ip-address-not-in-range"}
    | MATCH_TYPES.keys()
)
"""Names that fields cannot have inside ``$or``."""


@dataclass(frozen=True, slots=True)
class LeafCondition:
    """A condition at a path: one leaf passes ``test`` or, if ``absent``, there is no leaf.

    ``values`` is the array in the pattern.
    """

    path: str
    test: Test
    absent: bool = field(compare=False)
    values: tuple[Any, ...] = field(compare=False)


Alternative = tuple[LeafCondition, ...]
"""Conditions that must all hold, in the order of their paths."""


def alternatives_of(pattern: Any) -> list[Alternative]:
    """Return the alternatives of a pattern. Raises Fault if it is not valid."""
    if _combinations(pattern) > _MOST:
        raise PatternFault(f"Event pattern contains more than {_MOST} rule combinations")
    try:
        found = _Reading(with_or=True).read(pattern)
    except PatternFault:
        found = _Reading(with_or=False).read(pattern)
    return [tuple(each[path] for path in sorted(each)) for each in found]


def _combinations(value: Any, depth: int = 0) -> int:
    """Return the product of the lengths of all ``$or`` arrays. The service limits this number."""
    if not isinstance(value, dict):
        return 1
    if depth > _DEEPEST:
        raise PatternFault(f"Event pattern is nested deeper than {_DEEPEST} levels")
    product = 1
    for key, part in value.items():
        branches = part if key == "$or" and isinstance(part, list) else [part]
        product *= len(branches) or 1
        for branch in branches:
            product *= _combinations(branch, depth + 1)
            if product > _MOST:
                return product
    return product


_Draft = dict[str, LeafCondition]


class _Reading:
    """One reading of a pattern, from left to right."""

    def __init__(self, *, with_or: bool) -> None:
        self._with_or = with_or

    def read(self, pattern: Any) -> list[_Draft]:
        if not isinstance(pattern, dict):
            raise PatternFault("Filter is not an object")
        drafts: list[_Draft] = [{}]
        return self._object(pattern, "", (), drafts, inside_or=False)

    def _object(
        self, value: dict[str, Any], path: str, pointer: Pointer, drafts: list[_Draft], *, inside_or: bool
    ) -> list[_Draft]:
        """Return the alternatives with the conditions of an object added."""
        if not value:
            raise PatternFault("Empty objects are not allowed", pointer)
        for key, part in value.items():
            here = (*pointer, key)
            if key == "$or" and self._with_or:
                drafts = self._branches(part, path, here, drafts)
                continue
            if inside_or and key in _RESERVED:
                message = f"{key} is Ruler reserved fieldName which cannot be used inside $or."
                raise PatternFault(message, here, key=True)
            if isinstance(part, dict):
                drafts = self._object(part, path_of(path, key), here, drafts, inside_or=inside_or)
            elif isinstance(part, list):
                condition = _condition(path_of(path, key), part, here)
                drafts = [{**draft, condition.path: condition} for draft in drafts]
            else:
                raise PatternFault(f'"{key}" must be an object or an array', here)
        return drafts

    def _branches(self, value: Any, path: str, pointer: Pointer, drafts: list[_Draft]) -> list[_Draft]:
        if not isinstance(value, list):
            raise PatternFault("It must be an Array followed with $or.", pointer)
        found: list[_Draft] = []
        for index, branch in enumerate(value):
            if not isinstance(branch, dict):
                message = "Only JSON object is allowed in array of $or relationship."
                raise PatternFault(message, (*pointer, index))
            found += self._object(branch, path, (*pointer, index), drafts, inside_or=True)
        if len(value) < 2:
            raise PatternFault("There must have at least 2 Objects in $or relationship.", pointer)
        return found


def _condition(path: str, values: list[Any], pointer: Pointer) -> LeafCondition:
    if not values:
        raise PatternFault("Empty arrays are not allowed", pointer)
    exact: set[Leaf] = set()
    addresses: set[Address] = set()
    tests: list[Test] = []
    absent = False
    for index, value in enumerate(values):
        if isinstance(value, dict):
            try:
                found = _match_expression(value)
            except PatternFault as fault:
                raise fault.below(*pointer, index) from None
            absent = absent or found is None
            tests += [found] if found else []
        elif isinstance(value, list):
            message = "Match value must be String, number, true, false, or null"
            raise PatternFault(message, (*pointer, index))
        else:
            exact.add((TRUE if value else FALSE) if isinstance(value, bool) else value)
            if (address := address_of(value)) is not None:
                addresses.add(address)
    if addresses:
        tests.append(lambda leaf: address_of(leaf) in addresses)
    if exact:
        tests.insert(0, exact.__contains__)
    return LeafCondition(path, _any_of(tests), absent, tuple(values))


def _any_of(tests: list[Test]) -> Callable[[Leaf], bool]:
    if not tests:
        return lambda leaf: False
    return tests[0] if len(tests) == 1 else lambda leaf: any(test(leaf) for test in tests)


def _match_expression(expression: dict[str, Any]) -> Test | None:
    """Return the test of an object such as ``{"prefix": "a"}``; None for ``{"exists": false}``."""
    if not expression:
        raise PatternFault("Match expression name not found")
    name, operand = next(iter(expression.items()))
    if name == "exists":
        if not isinstance(operand, bool):
            raise PatternFault("exists match pattern must be either true or false.", (name,))
        test: Test | None = (lambda leaf: True) if operand else None
    elif name in MATCH_TYPES:
        try:
            test = MATCH_TYPES[name](operand)
        except PatternFault as fault:
            raise fault.below(name) from None
    else:
        raise PatternFault(f"Unrecognized match type {name}", (name,), key=True)
    if len(expression) > 1:
        numeric = name in ("numeric", "anything-but")
        message = "Too many elements in numeric expression" if numeric else ""
        message = message or "Only one key allowed in match expression"
        raise PatternFault(message, (list(expression)[1],), key=True)
    return test
