"""Where edges lead in a drawing: upward or downward, and along the spine, the longest way through a scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node

__all__ = ["Hints", "hints", "rows_of"]


@dataclass(frozen=True, slots=True)
class Hints:
    """``rows`` tells how far down each item stands among those beside it, by its id.

    ``spine`` has the pairs of ids that the longest way through each scope joins: drawn straight, it shows at
    a glance where a machine leads. ``order`` is the one in which to write items: Graphviz begins with it, and
    ends with the fewest crossings if a walk meets what Catchers lead to first (measured on 117 definitions).
    """

    rows: Mapping[str, int]
    spine: frozenset[tuple[str, str]]
    order: Mapping[str, int]

    def leads_up(self, edge: Edge) -> bool:
        """Whether an edge closes a loop."""
        return self.rows[edge.head] <= self.rows[edge.tail]

    def is_next(self, edge: Edge) -> bool:
        """Whether an edge leads to the next row."""
        return self.rows[edge.head] == self.rows[edge.tail] + 1


def hints(graph: Graph) -> Hints:
    """Return what the layout of a graph should know."""
    ways = _ways(graph)
    downward = _downward(ways)
    return Hints(_rows(downward), _spine(graph.items, ways, downward), _order(ways))


def rows_of(graph: Graph) -> dict[str, int]:
    """Return how far down each item stands among those beside it, by its id."""
    return _rows(_downward(_ways(graph)))


class _Ways(NamedTuple):
    """Where each item leads, by its id: as is meant, and by Catchers."""

    meant: Mapping[str, list[str]]
    caught: Mapping[str, list[str]]


def _ways(graph: Graph) -> _Ways:
    ways = _Ways({identity: [] for identity in _ids(graph.items)}, defaultdict(list))
    for edge in graph.edges:
        (ways.caught if edge.caught else ways.meant)[edge.tail].append(edge.head)
    return ways


def _rows(downward: Sequence[tuple[str, list[str]]]) -> dict[str, int]:
    rows = {identity: 0 for identity, _ in downward}
    for tail, heads in reversed(downward):
        for head in heads:
            rows[head] = max(rows[head], rows[tail] + 1)
    return rows


def _downward(ways: _Ways) -> list[tuple[str, list[str]]]:
    """Return each item, the lowest first, with where it leads without closing a loop."""
    downward: list[tuple[str, list[str]]] = []
    begun: dict[str, bool] = {}
    for root in ways.meant:
        stack = [root]
        while stack:
            here = stack[-1]
            heads = ways.meant[here] + ways.caught[here] if here in ways.caught else ways.meant[here]
            if here not in begun:
                begun[here] = True
                stack += (head for head in reversed(heads) if head not in begun)
                continue
            stack.pop()
            if begun[here]:
                begun[here] = False
                downward.append((here, [head for head in heads if head != here and not begun[head]]))
    return downward


def _order(ways: _Ways) -> dict[str, int]:
    """Return when a walk that tries Catchers first meets each item."""
    order: dict[str, int] = {}
    for root in ways.meant:
        stack = [root]
        while stack:
            here = stack.pop()
            if here not in order:
                order[here] = len(order)
                stack += reversed(ways.meant[here])
                stack += reversed(ways.caught.get(here, ()))
    return order


def _spine(
    items: Iterable[Item], ways: _Ways, downward: Iterable[tuple[str, list[str]]]
) -> frozenset[tuple[str, str]]:
    length: dict[str, int] = {}
    onward: dict[str, str] = {}
    for tail, heads in downward:
        meant = ways.meant[tail]
        able = [head for head in heads if head in meant]
        if able:
            onward[tail] = max(able, key=length.__getitem__)
        length[tail] = 1 + length[onward[tail]] if able else 1
    entries = list(_entries(items))
    found: set[tuple[str, str]] = set()
    for begin in (*entries, *(head for entry in entries for head in ways.meant[entry])):
        here = begin
        while here in onward and (here, onward[here]) not in found:
            found.add((here, onward[here]))
            here = onward[here]
    return frozenset(found)


def _entries(items: Iterable[Item]) -> Iterator[str]:
    """Yield the marks where scopes begin, a branch's first states among them."""
    for item in items:
        if isinstance(item, Cluster):
            yield item.entry.id
            yield from _entries(item.items)
        elif item.kind == "Start":
            yield item.id


def _ids(items: Iterable[Item]) -> Iterator[str]:
    """Yield the ids of items and of all inside them."""
    for item in items:
        if isinstance(item, Node):
            yield item.id
        else:
            yield item.node.id
            yield from _ids((item.entry, *item.items, item.exit))
