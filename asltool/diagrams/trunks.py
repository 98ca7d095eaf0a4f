"""Shared lines for edges that lead far to the same state.

Graphviz routes each long edge through every row that it crosses, in time that grows with the square of their
number: Catchers of a hundred states that all lead to the last one take minutes. If a graph has that many,
edges to the same state end at joints beside their source states, and one line leads from joint to joint.
Otherwise, separate edges are easier to follow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node
from asltool.diagrams.highlight import DrawnStatus, NamedTransition
from asltool.diagrams.hints import rows_of

__all__ = ["trunked"]

ROOM: Final = 1_500
"""The most rows that all edges together may cross: Graphviz lays them out in about a second."""

SHARED: Final = 3
"""How many edges there are in a trunk, at least."""


def trunked(graph: Graph) -> Graph:
    """Return a graph whose long edges share trunks, or the same graph if it has few long edges."""
    rows = rows_of(graph)
    passed = [rows[edge.head] - rows[edge.tail] for edge in graph.edges]
    if sum(map(abs, passed)) <= ROOM:
        return graph
    edges = list[Edge]()
    groups: dict[tuple[str, bool, bool], list[Edge]] = defaultdict(list)
    for edge, distance in zip(graph.edges, passed, strict=True):
        if abs(distance) > 1:
            groups[edge.head, edge.caught, distance < 0].append(edge)
        else:
            edges.append(edge)
    joints: dict[str, list[Node]] = defaultdict(list)
    for (head, _, back), group in groups.items():
        if len(group) < SHARED:
            edges += group
        else:
            trunk = _trunk(group, rows, back)
            edges += trunk
            ids = dict.fromkeys(edge.head for edge in trunk if edge.joins)
            joints[head] += (Node(each, "Joint", "") for each in ids)
    return replace(graph, items=tuple(_placed(graph.items, joints)), edges=tuple(edges))


def _trunk(group: Sequence[Edge], rows: Mapping[str, int], back: bool) -> list[Edge]:
    """Return edges that lead to a joint in the row of their tail, and the edges from joint to joint."""
    head, caught = group[0].head, group[0].caught
    beside: dict[int, list[Edge]] = defaultdict(list)
    for edge in group:
        beside[rows[edge.tail]].append(edge)
    found: list[Edge] = []
    common: list[Edge] = []
    path = sorted(beside, reverse=back)
    names = [f"{head}_{'caught' if caught else 'to'}{'_back' if back else ''}_{row}" for row in path]
    for row, joint, following in zip(path, names, [*names[1:], head], strict=True):
        found += (replace(edge, head=joint, joins=True, turned=back) for edge in beside[row])
        common = [_common([*beside[row], *common], joint, following, back)]
        found += common
    return found


def _common(joined: Sequence[Edge], tail: str, head: str, back: bool) -> Edge:
    """Return the edge that continues from a joint, for the edges that end there."""
    known = [edge.taken for edge in joined if edge.taken is not None]
    statuses = {edge.status for edge in joined}
    foremost: DrawnStatus = "failed" if "failed" in statuses else "same"
    return Edge(
        tail,
        head,
        NamedTransition(None, joined[0].transition.target, joined[0].caught),
        tooltip=f"→ {joined[0].transition.target or 'end'}",
        taken=sum(known) if known else None,
        status=statuses.pop() if len(statuses) == 1 else foremost,
        joins=head != joined[0].head,
        turned=back,
    )


def _placed(items: Iterable[Item], joints: Mapping[str, Sequence[Node]]) -> Iterator[Item]:
    """Yield items, each after the joints that lead to it."""
    for item in items:
        if isinstance(item, Cluster):
            yield from joints.get(item.node.id, ())
            inside = (*_placed(item.items, joints), *joints.get(item.exit.id, ()))
            yield replace(item, items=inside)
        else:
            yield from joints.get(item.id, ())
            yield item
