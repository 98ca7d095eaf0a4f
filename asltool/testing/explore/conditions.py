"""Values that make a condition of a Choice true or false, for the places that it reads.

In either language, a condition is split into its comparisons. For each place that they read, the values that
they can distinguish are tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, product
from typing import Any

from asltool.engine.conditions import Holds, compile_condition
from asltool.errors import EvaluationError
from asltool.expr.jsonata import JsonataNode
from asltool.syntax.condition import And, Condition, DataTest, Expression, Not, Or, comparisons
from asltool.syntax.expressions import place
from asltool.syntax.model import ABSENT, Choice
from asltool.testing.explore.candidates import distinct, telling
from asltool.testing.explore.data import ChoiceData
from asltool.testing.explore.lenses import PathStep
from asltool.testing.explore.nodes import node_reads
from asltool.testing.explore.patterns import matching
from asltool.testing.explore.terms import ValueRead

__all__ = ["Conditions", "Probe", "Wish"]

Wish = Mapping[ValueRead, Any]
"""Values for places; ABSENT where there should be nothing."""

_MOST_OPTIONS = 8
"""How many ways to satisfy one part of a condition are combined with those of the others."""

_MOST_COMBINATIONS = 200


class Conditions:
    """The conditions of a Choice state, and values that satisfy them."""

    def __init__(self, state: Choice) -> None:
        self.state = state
        self._is_jsonata = state.query_language == "JSONata"

    def wishes(self, index: int, wanted: bool) -> Iterator[Wish]:
        """Yield values for which a rule may match, or may not, likely ones first."""
        condition = self.state.choices[index].condition
        if not isinstance(condition, Expression):
            yield from self._rule(condition, wanted)
        elif condition.tree is not None:
            yield from self._node(condition.tree, wanted)

    # JSONPath

    def _rule(self, condition: Condition, wanted: bool) -> Iterator[Wish]:
        if isinstance(condition, And | Or) and isinstance(condition, And) is not wanted:
            yield from _any(self._rule(part, wanted) for part in condition.parts)
        elif isinstance(condition, Not):
            yield from self._rule(condition.part, not wanted)
        else:
            yield from self._together(list(_parts(condition, wanted)))

    def _together(self, parts: list[tuple[Condition, bool]]) -> Iterator[Wish]:
        """Yield values that satisfy all of these parts; all comparisons of a place must agree."""
        alone: dict[ValueRead, list[tuple[Probe, bool]]] = {}
        options: list[Iterator[Wish]] = []
        for condition, wanted in parts:
            if not isinstance(condition, DataTest):
                options.append(self._rule(condition, wanted))
            elif len((probe := Probe(condition)).reads) > 1:
                options.append(self._pairs(probe, wanted))
            else:
                alone.setdefault(probe.reads[0], []).append((probe, wanted))
        options += (self._agreeing(read, compared) for read, compared in alone.items())
        yield from _all(options)

    def _agreeing(self, read: ValueRead, compared: list[tuple[Probe, bool]]) -> Iterator[Wish]:
        """Yield values for one place; to make a comparison false, those that make others false come first."""
        found = [
            value
            for value in self.values[read]
            if all(probe.holds((value,)) is wanted for probe, wanted in compared)
        ]
        if not any(wanted for _, wanted in compared):
            kinds = {type(each) for probe, _ in compared for each in probe.constants}
            found.sort(key=lambda value: (self._held(read, value), type(value) not in kinds))
        yield from ({read: value} for value in found)

    def _pairs(self, probe: Probe, wanted: bool) -> Iterator[Wish]:
        reads = probe.reads
        for values in product(*(self.values[read] for read in reads)):
            if probe.holds(values) is wanted:
                yield dict(zip(reads, values, strict=True))

    def _held(self, read: ValueRead, value: Any) -> int:
        alone = (each for each in self._probes if each.reads == (read,))
        return sum(each.holds((value,)) is not False for each in alone)

    @cached_property
    def _probes(self) -> list[Probe]:
        return [Probe(each) for rule in self.state.choices for each in comparisons(rule.condition)]

    # JSONata

    def _node(self, node: JsonataNode, wanted: bool) -> Iterator[Wish]:
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
            own = [*telling(_constants(node))]
            pools = {read: distinct([*own, *self.values[read]]) for read in reads}
            small, all_pairs = _pairs(reads, pools, 3), _pairs(reads, pools, 12)
            if node.kind == "binary" and all(any(True for _ in node_reads(part)) for part in parts):
                yield from small
            yield from ({read: value} for read in reads for value in pools[read])
            yield from all_pairs

    # Both

    @cached_property
    def values(self) -> Mapping[ValueRead, list[Any]]:
        """The values to try at each place that a condition reads."""
        constants: dict[ValueRead, list[Any]] = {}
        if self._is_jsonata:
            trees = list(self._trees())
            every = distinct(each for tree in trees for each in _constants(tree))
            constants = {read: every for tree in trees for read in node_reads(tree)}
        else:
            for probe in self._probes:
                shared = [constants.setdefault(read, []) for read in probe.reads]
                for each in shared:
                    each.extend(probe.constants)
            for probe in self._probes:
                if len(probe.reads) > 1:
                    every = distinct(each for read in probe.reads for each in constants[read])
                    constants |= dict.fromkeys(probe.reads, every or [1, 2, "a", "b"])
        return {read: telling(found) for read, found in constants.items()}

    def _trees(self) -> Iterator[JsonataNode]:
        for rule in self.state.choices:
            if isinstance(rule.condition, Expression) and rule.condition.tree is not None:
                yield rule.condition.tree


def _pairs(reads: list[ValueRead], pools: Mapping[ValueRead, list[Any]], most: int) -> Iterator[Wish]:
    """Yield values for two places that are read one after the other."""
    for one, other in pairwise(reads):
        for value, second in product(pools[one][:most], pools[other][:most]):
            yield {one: value, other: second}


def _constants(tree: JsonataNode) -> list[Any]:
    nodes = list(tree.walk())
    every = [node.value for node in nodes if node.kind in ("number", "string", "value")]
    texts = [text for node in nodes if node.kind == "regex" for text in matching(node.value)]
    return distinct([*every, *texts, *_arrays(every)])


def _arrays(constants: Iterable[Any]) -> Iterator[Any]:
    """Yield arrays with the length of a constant number, and arrays that contain a constant."""
    for each in constants:
        if type(each) is int and 0 <= each < 20:
            yield [{}] * each
            yield [{}] * (each + 1)
        elif isinstance(each, str):
            yield [each]


def _parts(condition: Condition, wanted: bool) -> Iterator[tuple[Condition, bool]]:
    """Yield the parts that must all be as wanted: And and Or are split where this is possible."""
    if isinstance(condition, And if wanted else Or):
        for part in condition.parts:
            yield from _parts(part, wanted)
    elif isinstance(condition, Not):
        yield from _parts(condition.part, not wanted)
    else:
        yield condition, wanted


def _any(parts: Iterable[Iterator[Wish]]) -> Iterator[Wish]:
    for part in parts:
        yield from part


def _all(parts: Iterable[Iterator[Wish]]) -> Iterator[Wish]:
    options = [list(islice(part, _MOST_OPTIONS)) for part in parts]
    for wishes in islice(product(*options), _MOST_COMBINATIONS):
        together: dict[ValueRead, Any] = {}
        for wish in wishes:
            if any(read in together and together[read] != value for read, value in wish.items()):
                break
            together |= wish
        else:
            yield together


# Comparisons


@dataclass(frozen=True)
class Probe:
    """A comparison, and the places that it reads."""

    comparison: DataTest

    @cached_property
    def reads(self) -> tuple[ValueRead, ...]:
        return tuple(_read(path) for path in self.comparison.paths)

    @cached_property
    def constants(self) -> list[Any]:
        """The constants that the values are compared with."""
        operator, operand = self.comparison.operator, self.comparison.operand
        if operator.startswith("Is") or operator.endswith("Path"):
            return []
        return _matching(operand) if operator == "StringMatches" else [operand]

    def holds(self, values: tuple[Any, ...]) -> bool | None:
        """Return whether it is true for these values of the places it reads; None if it fails."""
        document = {f"v{at}": value for at, value in enumerate(values) if value is not ABSENT}
        try:
            return self._alone(document, ChoiceData(document))
        except EvaluationError:
            return None

    @cached_property
    def _alone(self) -> Holds:
        """The same comparison, rewritten to read places in a separate document."""
        is_path = len(self.comparison.paths) > 1
        operand = "$.v1" if is_path else self.comparison.operand
        return compile_condition(
            DataTest(variable="$.v0", operator=self.comparison.operator, operand=operand)
        )


def _read(text: str) -> ValueRead:
    found = place(text)
    steps: tuple[PathStep, ...] = () if found is None else found.steps
    return ValueRead("$" if found is None else found.root, steps)


def _matching(pattern: str) -> list[str]:
    """Return strings that match a pattern, and some that almost do."""
    texts = [pattern.replace("\\*", "\0").replace("*", fill).replace("\0", "*") for fill in ("", "x")]
    return [text.replace("\\\\", "\\") for text in texts]
