"""What would make a condition of a Choice hold, or not: values for the places that it reads.

In either language a condition is taken apart down to its comparisons; for the places that those read, the
values that they can tell apart are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, product
from typing import Any

from asltool.errors import EvaluationError
from asltool.expr.choice import Condition, compile_condition
from asltool.expr.jsonata import Node
from asltool.rules.places import jsonata_tree, place
from asltool.syntax.model import ABSENT, Choice
from asltool.testing.explore.data import Data
from asltool.testing.explore.lenses import Step
from asltool.testing.explore.nodes import node_reads
from asltool.testing.explore.terms import Read
from asltool.testing.explore.values import distinct, telling

__all__ = ["Comparison", "Conditions", "Wish", "comparisons", "condition_tree"]

Wish = Mapping[Read, Any]
"""Values for places; ABSENT where there should be nothing."""

_MOST_OPTIONS = 8
"""How many ways to satisfy one part of a condition are combined with those of the others."""

_MOST_COMBINATIONS = 200


class Conditions:
    """The conditions of a Choice state, for those who look for values that satisfy them."""

    def __init__(self, state: Choice) -> None:
        self.state = state
        self._is_jsonata = state.query_language == "JSONata"

    def wishes(self, index: int, wanted: bool) -> Iterator[Wish]:
        """Yield values under which a rule may hold, or may not, likely ones first."""
        condition = self.state.choices[index].condition
        if not self._is_jsonata:
            yield from self._rule(condition, wanted)
        elif (tree := condition_tree(condition)) is not None:
            yield from self._node(tree, wanted)

    # JSONPath

    def _rule(self, rule: Mapping[str, Any], wanted: bool) -> Iterator[Wish]:
        for name in ("And", "Or"):
            if name in rule:
                if (name == "And") is wanted:
                    yield from self._together(list(_parts(rule, wanted)))
                else:
                    yield from _any(self._rule(part, wanted) for part in rule[name])
                return
        if "Not" in rule:
            yield from self._rule(rule["Not"], not wanted)
        else:
            yield from self._together([(rule, wanted)])

    def _together(self, parts: list[tuple[Mapping[str, Any], bool]]) -> Iterator[Wish]:
        """Yield what all of these parts are satisfied with; of one place all comparisons have to agree."""
        alone: dict[Read, list[tuple[Comparison, bool]]] = {}
        options: list[Iterator[Wish]] = []
        for rule, wanted in parts:
            if "Variable" not in rule:
                options.append(self._rule(rule, wanted))
            elif len((comparison := Comparison(rule)).reads) > 1:
                options.append(self._pairs(comparison, wanted))
            else:
                alone.setdefault(comparison.reads[0], []).append((comparison, wanted))
        options += (self._agreeing(read, compared) for read, compared in alone.items())
        yield from _all(options)

    def _agreeing(self, read: Read, compared: list[tuple[Comparison, bool]]) -> Iterator[Wish]:
        """Yield values for one place; for what should not hold those first for which others fail as well."""
        found = [
            value
            for value in self.values[read]
            if all(comparison.holds((value,)) is wanted for comparison, wanted in compared)
        ]
        if not any(wanted for _, wanted in compared):
            kinds = {type(each) for comparison, _ in compared for each in comparison.constants}
            found.sort(key=lambda value: (self._held(read, value), type(value) not in kinds))
        yield from ({read: value} for value in found)

    def _pairs(self, comparison: Comparison, wanted: bool) -> Iterator[Wish]:
        reads = comparison.reads
        for values in product(*(self.values[read] for read in reads)):
            if comparison.holds(values) is wanted:
                yield dict(zip(reads, values, strict=True))

    def _held(self, read: Read, value: Any) -> int:
        alone = (each for each in self._comparisons if each.reads == (read,))
        return sum(each.holds((value,)) is not False for each in alone)

    @cached_property
    def _comparisons(self) -> list[Comparison]:
        return [each for rule in self.state.choices for each in comparisons(rule.condition)]

    # JSONata

    def _node(self, node: Node, wanted: bool) -> Iterator[Wish]:
        parts = node.children
        if node.kind == "binary" and node.value in ("and", "or"):
            inside = [self._node(part, wanted) for part in parts]
            yield from _all(inside) if (node.value == "and") is wanted else _any(inside)
        elif node.kind == "function" and parts[0].value == "not" and len(parts) == 2:
            yield from self._node(parts[1], not wanted)
        elif node.kind == "block" and len(parts) == 1:
            yield from self._node(parts[0], wanted)
        elif node.kind == "condition" and all(part.kind == "value" for part in parts[1:]):
            yield from self._node(parts[0], wanted is parts[1].value)
        else:
            reads = list(node_reads(node))
            yield from ({read: value} for read in reads for value in self.values[read])
            for one, other in pairwise(reads):
                pairs = product(self.values[one][:12], self.values[other][:12])
                yield from ({one: value, other: second} for value, second in pairs)

    # Both

    @cached_property
    def values(self) -> Mapping[Read, list[Any]]:
        """The values to try at each place that a condition reads."""
        constants: dict[Read, list[Any]] = {}
        if self._is_jsonata:
            trees = [condition_tree(rule.condition) for rule in self.state.choices]
            nodes = [node for tree in trees if tree is not None for node in tree.walk()]
            every = [node.value for node in nodes if node.kind in ("number", "string", "value")]
            every = distinct([*every, *_arrays(every)])
            constants = {read: every for tree in trees if tree is not None for read in node_reads(tree)}
        else:
            for comparison in self._comparisons:
                shared = [constants.setdefault(read, []) for read in comparison.reads]
                for each in shared:
                    each.extend(comparison.constants)
            for comparison in self._comparisons:
                if len(comparison.reads) > 1:
                    every = distinct(each for read in comparison.reads for each in constants[read])
                    constants |= dict.fromkeys(comparison.reads, every or [1, 2, "a", "b"])
        return {read: telling(found) for read, found in constants.items()}


def condition_tree(condition: Any) -> Node | None:
    """Return the tree of a condition in JSONata; None for one that is ``true`` or ``false`` itself."""
    return jsonata_tree(condition) if isinstance(condition, str) else None


def _arrays(constants: Iterable[Any]) -> Iterator[Any]:
    """Yield arrays that are as long as a number says, and arrays that have a constant in them."""
    for each in constants:
        if type(each) is int and 0 <= each < 20:
            yield [{}] * each
            yield [{}] * (each + 1)
        elif isinstance(each, str):
            yield [each]


def _parts(rule: Mapping[str, Any], wanted: bool) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Yield what must all be as wanted for a rule to be: And and Or that say so are taken apart."""
    name = "And" if wanted else "Or"
    if name in rule:
        for part in rule[name]:
            yield from _parts(part, wanted)
    elif "Not" in rule:
        yield from _parts(rule["Not"], not wanted)
    else:
        yield rule, wanted


def _any(parts: Iterable[Iterator[Wish]]) -> Iterator[Wish]:
    for part in parts:
        yield from part


def _all(parts: Iterable[Iterator[Wish]]) -> Iterator[Wish]:
    options = [list(islice(part, _MOST_OPTIONS)) for part in parts]
    for wishes in islice(product(*options), _MOST_COMBINATIONS):
        together: dict[Read, Any] = {}
        for wish in wishes:
            if any(read in together and together[read] != value for read, value in wish.items()):
                break
            together |= wish
        else:
            yield together


# Comparisons


@dataclass(frozen=True)
class Comparison:
    """A rule of JSONPath that compares; ``rule`` as it stands in the definition."""

    rule: Mapping[str, Any]

    @cached_property
    def operator(self) -> str:
        return next(
            name for name in self.rule if name not in ("Variable", "Next", "Comment", "Assign", "Output")
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The paths: the Variable, and what it is compared with if that is a path."""
        variable = self.rule["Variable"]
        return (variable, self.rule[self.operator]) if self.operator.endswith("Path") else (variable,)

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        return tuple(_read(text) for text in self.texts)

    @cached_property
    def constants(self) -> list[Any]:
        """The constants that tell values apart here."""
        value = self.rule[self.operator]
        if self.operator.startswith("Is") or self.operator.endswith("Path"):
            return []
        if self.operator == "StringMatches":
            return _matching(value)
        return [value]

    def holds(self, values: tuple[Any, ...]) -> bool | None:
        """Return whether it holds for these values of what it reads; None: it fails."""
        document = {f"v{at}": value for at, value in enumerate(values) if value is not ABSENT}
        try:
            return self._alone(document, Data(document))
        except EvaluationError:
            return None

    @cached_property
    def _alone(self) -> Condition:
        operand = self.rule[self.operator] if len(self.texts) == 1 else "$.v1"
        return compile_condition({"Variable": "$.v0", self.operator: operand})


def comparisons(rule: Mapping[str, Any]) -> Iterator[Comparison]:
    """Yield the comparisons in a rule."""
    for name in ("And", "Or"):
        for part in rule.get(name, ()):
            yield from comparisons(part)
    if "Not" in rule:
        yield from comparisons(rule["Not"])
    if "Variable" in rule:
        yield Comparison(rule)


def _read(text: str) -> Read:
    found = place(text)
    steps: tuple[Step, ...] = () if found is None else found.steps
    return Read("$" if found is None else found.root, steps)


def _matching(pattern: str) -> list[str]:
    """Return texts that match a pattern, and such as nearly do."""
    texts = [pattern.replace("\\*", "\0").replace("*", fill).replace("\0", "*") for fill in ("", "x")]
    return [text.replace("\\\\", "\\") for text in texts]
