"""Layout hints: whether edges lead up or down, and the spine, which is the longest path through a scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node

__all__ = ["Hints", "hints", "rows_of"]


@dataclass(frozen=True, slots=True)
class Hints:
    """``rows`` is the row of each item in its scope, by id.

    ``spine`` has the pairs of ids along the longest path through each scope; drawn straight, it shows the
    main course at a glance. ``order`` is the order in which to write items: Graphviz starts with it, and gets
    the fewest crossings if a walk visits the targets of Catchers first (measured on 117 definitions).
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
    """Return the layout hints of a graph."""
    successors = _successors(graph)
    downward = _downward(successors)
    return Hints(_rows(downward), _spine(graph.items, successors, downward), _order(successors))


def rows_of(graph: Graph) -> dict[str, int]:
    """Return the row of each item in its scope, by id."""
    return _rows(_downward(_successors(graph)))


class _Successors(NamedTuple):
    """The targets of each item, by id: regular ones, and those of Catchers."""

    meant: Mapping[str, list[str]]
    caught: Mapping[str, list[str]]


def _successors(graph: Graph) -> _Successors:
    successors = _Successors({identity: [] for identity in _ids(graph.items)}, defaultdict(list))
    for edge in graph.edges:
        (successors.caught if edge.caught else successors.meant)[edge.tail].append(edge.head)
    return successors


def _rows(downward: Sequence[tuple[str, list[str]]]) -> dict[str, int]:
    rows = {identity: 0 for identity, _ in downward}
    for tail, heads in reversed(downward):
        for head in heads:
            rows[head] = max(rows[head], rows[tail] + 1)
    return rows


def _downward(successors: _Successors) -> list[tuple[str, list[str]]]:
    """Return each item, the lowest first, with its targets, except for those that close a loop."""
    downward: list[tuple[str, list[str]]] = []
    begun: dict[str, bool] = {}
    for root in successors.meant:
        stack = [root]
        while stack:
            here = stack[-1]
            heads = (
                successors.meant[here] + successors.caught[here]
                if here in successors.caught
                else successors.meant[here]
            )
            if here not in begun:
                begun[here] = True
                stack += (head for head in reversed(heads) if head not in begun)
                continue
            stack.pop()
            if begun[here]:
                begun[here] = False
                downward.append((here, [head for head in heads if head != here and not begun[head]]))
    return downward


def _order(successors: _Successors) -> dict[str, int]:
    """Return the position of each item in a walk that follows Catchers first."""
    order: dict[str, int] = {}
    for root in successors.meant:
        stack = [root]
        while stack:
            here = stack.pop()
            if here not in order:
                order[here] = len(order)
                stack += reversed(successors.meant[here])
                stack += reversed(successors.caught.get(here, ()))
    return order


def _spine(
    items: Iterable[Item], successors: _Successors, downward: Iterable[tuple[str, list[str]]]
) -> frozenset[tuple[str, str]]:
    length: dict[str, int] = {}
    onward: dict[str, str] = {}
    for tail, heads in downward:
        meant = successors.meant[tail]
        able = [head for head in heads if head in meant]
        if able:
            onward[tail] = max(able, key=length.__getitem__)
        length[tail] = 1 + length[onward[tail]] if able else 1
    entries = list(_entries(items))
    found: set[tuple[str, str]] = set()
    for begin in (*entries, *(head for entry in entries for head in successors.meant[entry])):
        here = begin
        while here in onward and (here, onward[here]) not in found:
            found.add((here, onward[here]))
            here = onward[here]
    return frozenset(found)


def _entries(items: Iterable[Item]) -> Iterator[str]:
    """Yield the marks where scopes start, including the first states of branches."""
    for item in items:
        if isinstance(item, Cluster):
            yield item.entry.id
            yield from _entries(item.items)
        elif item.kind == "Start":
            yield item.id


def _ids(items: Iterable[Item]) -> Iterator[str]:
    """Yield the ids of items and of everything inside them."""
    for item in items:
        if isinstance(item, Node):
            yield item.id
        else:
            yield item.node.id
            yield from _ids((item.entry, *item.items, item.exit))
