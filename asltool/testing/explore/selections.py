"""Items of arrays that an expression selects by a predicate, or from each of which it computes a value.

``where`` and ``each`` return the `Lens` of ``xs[predicate]`` and of ``xs.(expression)``. As in JSONata, one
item and an array of only that item are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from operator import add, mul, sub
from typing import Any, NamedTuple

from asltool.expr.jsonata import JsonataNode
from asltool.expr.values import json_equal
from asltool.syntax.model import ABSENT
from asltool.testing.explore.candidates import telling
from asltool.testing.explore.lenses import Lens, NotSolved, PathStep, get, put
from asltool.testing.explore.patterns import compiled, matching
from asltool.testing.explore.terms import Term, ValueRead

__all__ = ["ITEM", "each", "where"]

ITEM = "@"
"""The root of a read of the item itself, as in ``xs[price > 1]``."""

Terms = Callable[[JsonataNode], Iterator[Term]]

_MOST_WAYS = 20


class _Test(NamedTuple):
    """A comparison of a place in an item with a constant, and whether it must hold."""

    steps: tuple[PathStep, ...]
    operator: str
    operand: Any
    wanted: bool

    def holds(self, item: Any) -> bool:
        value = get(item, self.steps)
        try:
            return bool(_HOLDS[self.operator](value, self.operand)) is self.wanted
        except TypeError:
            return False

    def met(self, item: Any) -> Any:
        """Return the item with the first value at the place for which the comparison holds."""
        constants = self.operand if isinstance(self.operand, list) else [self.operand]
        values = matching(self.operand) if self.operator == "matches" else telling(constants)
        for value in [*values, *telling([]), *([each] for each in constants)]:
            try:
                changed = put(item, self.steps, value)
            except NotSolved:
                continue
            if self.holds(changed):
                return changed
        raise NotSolved


def _in_order(value: Any, operand: Any) -> bool:
    return type(value) is not bool and (isinstance(value, str) == isinstance(operand, str))


_HOLDS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda value, operand: value is not ABSENT and json_equal(value, operand),
    "!=": lambda value, operand: value is not ABSENT and not json_equal(value, operand),
    "<": lambda value, operand: _in_order(value, operand) and value < operand,
    "<=": lambda value, operand: _in_order(value, operand) and value <= operand,
    ">": lambda value, operand: _in_order(value, operand) and value > operand,
    ">=": lambda value, operand: _in_order(value, operand) and value >= operand,
    "in": lambda value, operand: any(json_equal(value, one) for one in operand if value is not ABSENT),
    "has": lambda value, operand: (
        json_equal(value, operand) or (isinstance(value, list) and operand in value)
    ),
    "contains": lambda value, operand: isinstance(value, str) and operand in value,
    "matches": lambda value, operand: (pattern := compiled(operand)) and pattern.search(value),
    "exists": lambda value, _: value is not ABSENT,
    "is true": lambda value, _: value is not ABSENT and bool(value),
}
_REVERSED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=", "in": "has"}


class _Items(NamedTuple):
    """What is read of each item. ``parameter`` is the variable for it, if there is one."""

    parameter: str
    terms: Terms

    def steps(self, node: JsonataNode) -> tuple[PathStep, ...] | None:
        roots = (ITEM, f"${self.parameter}")
        found = (term for term in self.terms(node) if isinstance(term, ValueRead) and term.root in roots)
        read = next(found, None)
        return None if read is None else read.steps

    def ways(self, node: JsonataNode, wanted: bool = True) -> list[list[_Test]]:
        """Return lists of tests: a predicate is as wanted if all tests of one of these lists hold."""
        parts = node.children
        if node.kind == "binary" and node.value in ("and", "or"):
            left, right = (self.ways(part, wanted) for part in parts)
            if (node.value == "and") is not wanted:
                return [*left, *right]
            return [[*one, *other] for one, other in product(left, right)][:_MOST_WAYS]
        if node.kind == "block" and len(parts) == 1:
            return self.ways(parts[0], wanted)
        if node.kind == "function" and len(parts) == 2 and parts[0].value in ("not", "boolean"):
            return self.ways(parts[1], wanted is (parts[0].value == "boolean"))
        return [[test] for test in self._tests(node, wanted)]

    def _tests(self, node: JsonataNode, wanted: bool) -> Iterator[_Test]:
        called, *operands = node.children if node.kind == "function" else (node, *node.children)
        place, operator, operand = node, "is true", None
        if node.kind == "binary" and node.value in _REVERSED:
            left, right = operands
            if (constant := _constant(right)) is not ABSENT:
                place, operator, operand = left, node.value, constant
            else:
                place, operator, operand = right, _REVERSED[node.value], _constant(left)
        elif node.kind == "function" and called.value == "exists" and operands:
            place, operator = operands[0], "exists"
        elif node.kind == "function" and called.value == "contains" and len(operands) == 2:
            place, pattern = operands
            operator, operand = ("matches" if pattern.kind == "regex" else "contains"), pattern.value
        if operator == "in" and not isinstance(operand, list):
            operand = [operand]
        steps = None if operand is ABSENT else self.steps(place)
        if steps is not None:
            yield _Test(steps, operator, operand, wanted)

    def shaped(self, node: JsonataNode, item: Any, value: Any) -> Any:
        """Return the item changed so that an expression has this value for it."""
        if node.kind == "block" and len(node.children) == 1:
            return self.shaped(node.children[0], item, value)
        if node.kind == "object" and isinstance(value, dict):
            for key, part in zip(node.children[::2], node.children[1::2], strict=True):
                if key.value in value and _constant(part) is ABSENT:
                    item = self.shaped(part, item, value[key.value])
            return item
        if node.kind == "binary" and node.value in _NEUTRAL:
            left, right = node.children
            return self.shaped(left, self.shaped(right, item, _NEUTRAL[node.value]), value)
        steps = self.steps(node)
        if steps is None:
            raise NotSolved
        return put(item, steps, value)

    def computed(self, node: JsonataNode, item: Any) -> Any:
        """Return the value that an expression has for an item; ABSENT if it is not known."""
        parts = node.children
        if node.kind == "block" and len(parts) == 1:
            return self.computed(parts[0], item)
        if node.kind == "object":
            pairs = zip(parts[::2], parts[1::2], strict=True)
            members = {key.value: self.computed(part, item) for key, part in pairs}
            return {name: value for name, value in members.items() if value is not ABSENT}
        if node.kind == "binary" and node.value in _ARITHMETIC:
            return _ARITHMETIC[node.value](*(self.computed(part, item) for part in parts))
        steps = self.steps(node)
        return _constant(node) if steps is None else get(item, steps)


_ARITHMETIC = {"*": mul, "+": add, "-": sub}
_NEUTRAL = {"*": 1, "/": 1, "+": 0, "-": 0}


def _constant(node: JsonataNode) -> Any:
    if node.kind in ("string", "number", "value"):
        return node.value
    if node.kind == "array" and all(_constant(part) is not ABSENT for part in node.children):
        return [_constant(part) for part in node.children]
    return ABSENT


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is ABSENT else [value]


def _sequence(items: list[Any]) -> Any:
    if not items:
        raise ValueError("no item is selected")
    return items[0] if len(items) == 1 else items


def where(predicate: JsonataNode, terms: Terms, parameter: str = "") -> Lens:
    """Return the lens of the items for which a predicate holds. Other items are kept."""
    ways, others_ways = (_Items(parameter, terms).ways(predicate, wanted) for wanted in (True, False))

    def holds(item: Any, ways: list[list[_Test]] = ways) -> bool:
        return any(all(test.holds(item) for test in way) for way in ways)

    def met(item: Any, ways: list[list[_Test]] = ways) -> Any:
        for way in ways:
            changed = item
            try:
                for test in way:
                    changed = changed if test.holds(changed) else test.met(changed)
            except NotSolved:
                continue
            if holds(changed, ways):
                return changed
        raise ValueError("no item satisfies the predicate")

    def there(value: Any) -> Any:
        return _sequence([item for item in _listed(value) if holds(item)])

    def back(old: Any, new: Any) -> Any:
        others = [item for item in _listed(old) if not holds(item)]
        if new == [] and not others:
            return [met(item, others_ways) for item in _listed(old)[:1]]
        return [*others, *map(met, _listed(new))]

    return Lens(f"where {predicate!r}", there, back)


def each(node: JsonataNode, terms: Terms, parameter: str = "") -> Lens:
    """Return the lens of what an expression computes from each item."""
    items = _Items(parameter, terms)
    steps = items.steps(node) or ()

    def there(value: Any) -> Any:
        found = (items.computed(node, item) for item in _listed(value))
        return _sequence([one for one in found if one is not ABSENT])

    def back(old: Any, new: Any) -> Any:
        before = _listed(old) or [{}]
        values = enumerate(_listed(new))
        try:
            changed = [items.shaped(node, before[min(at, len(before) - 1)], one) for at, one in values]
        except NotSolved as problem:
            raise ValueError("no item has this value") from problem
        return changed if isinstance(old, list) or len(changed) != 1 or old is ABSENT else changed[0]

    return Lens(f"each {node!r}", there, back, steps)
