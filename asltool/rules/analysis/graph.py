"""Functions for directed graphs: names, each with the names it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["NameGraph", "closed_groups", "reach", "turned"]

NameGraph = Mapping[str, Iterable[str]]


def reach(graph: NameGraph, starts: Iterable[str]) -> set[str]:
    """Return the start nodes and all nodes that they lead to."""
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(graph[name])
    return reached


def turned(graph: NameGraph) -> dict[str, list[str]]:
    """Return the graph with every edge reversed."""
    back: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for target in targets:
            back[target].append(name)
    return back


def closed_groups(graph: NameGraph, back: NameGraph, names: Iterable[str]) -> list[list[str]]:
    """Return the smallest groups of names that no edge leaves, each in the graph's order.

    ``back`` is the reversed graph; ``names`` must include all names they lead to.
    """
    groups: list[set[str]] = []
    for name in names:
        inside, group = name, reach(graph, [name])
        if any(group & other for other in groups):
            continue
        while no_way_back := group - reach(back, [inside]):
            inside = min(no_way_back)
            group = reach(graph, [inside])
        groups.append(group)
    return [[name for name in graph if name in group] for group in groups]
