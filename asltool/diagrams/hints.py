"""Where edges lead in a drawing: upward or downward, and along the spine, the longest way through a scope."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node

__all__ = ["Hints", "hints", "rows_of"]


@dataclass(frozen=True, slots=True)
class Hints:
    """``rows`` tells how far down each item stands among those beside it, by its id.

    ``spine`` has the pairs of ids that the longest way through each scope joins: drawn straight, it shows at
    a glance where a machine leads.
    """

    rows: Mapping[str, int]
    spine: frozenset[tuple[str, str]]

    def leads_up(self, edge: Edge) -> bool:
        """Whether an edge closes a loop."""
        return self.rows[edge.head] <= self.rows[edge.tail]

    def is_next(self, edge: Edge) -> bool:
        """Whether an edge leads to the next row."""
        return self.rows[edge.head] == self.rows[edge.tail] + 1


def hints(graph: Graph) -> Hints:
    """Return what the layout of a graph should know."""
    downward = _downward(graph)
    return Hints(_rows(downward), _spine(graph, downward))


def rows_of(graph: Graph) -> dict[str, int]:
    """Return how far down each item stands among those beside it, by its id."""
    return _rows(_downward(graph))


def _rows(downward: Sequence[tuple[str, list[str]]]) -> dict[str, int]:
    rows = {identity: 0 for identity, _ in downward}
    for tail, heads in reversed(downward):
        for head in heads:
            rows[head] = max(rows[head], rows[tail] + 1)
    return rows


def _downward(graph: Graph) -> list[tuple[str, list[str]]]:
    """Return each item, the lowest first, with where it leads without closing a loop."""
    ways: dict[str, list[str]] = {identity: [] for item in graph.items for identity in _ids(item)}
    for edge in sorted(graph.edges, key=lambda edge: edge.caught):
        ways[edge.tail].append(edge.head)
    downward: list[tuple[str, list[str]]] = []
    begun: dict[str, bool] = {}
    for root in ways:
        stack = [root]
        while stack:
            here = stack[-1]
            if here not in begun:
                begun[here] = True
                stack += (head for head in reversed(ways[here]) if head not in begun)
                continue
            stack.pop()
            if begun[here]:
                begun[here] = False
                downward.append((here, [head for head in ways[here] if head != here and not begun[head]]))
    return downward


def _spine(graph: Graph, downward: Iterable[tuple[str, list[str]]]) -> frozenset[tuple[str, str]]:
    meant = {(edge.tail, edge.head) for edge in graph.edges if not edge.caught}
    length: dict[str, int] = {}
    onward: dict[str, str] = {}
    for tail, heads in downward:
        able = [head for head in heads if (tail, head) in meant]
        if able:
            onward[tail] = max(able, key=lambda head: length[head])
        length[tail] = 1 + max((length[head] for head in able), default=0)
    entries = dict.fromkeys(_entries(graph.items))
    found: set[tuple[str, str]] = set()
    for begin in (*entries, *(edge.head for edge in graph.edges if edge.tail in entries)):
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


def _ids(item: Item) -> Iterator[str]:
    """Yield the ids of an item and of all inside it."""
    if isinstance(item, Node):
        yield item.id
        return
    yield item.node.id
    for inner in (item.entry, *item.items, item.exit):
        yield from _ids(inner)
