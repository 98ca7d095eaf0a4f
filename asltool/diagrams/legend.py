"""The legend of a diagram: a sample of each type of state, status and line that occurs in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from asltool.diagrams import captions
from asltool.diagrams.graph import Cluster, Graph, Item, Node, NodeKind
from asltool.diagrams.highlight import DrawnStatus
from asltool.diagrams.look import GREY, edge_line

__all__ = ["lines_of", "samples"]


def samples(graph: Graph, banded: Collection[NodeKind] = ()) -> list[Node]:
    """Return sample nodes that are drawn like those of the graph, each with its meaning as its title.

    Types come first, then statuses, each in the order in which they occur. The colour of a type is shown only
    without a status, or in a band beside it.

    Args:
        banded: types with a band.
    """
    found = list(_states(graph.items))
    kinds = dict.fromkeys(
        node.kind
        for node in found
        if node.status is None or (node.kind in banded and node.status != "unreached")
    )
    statuses = dict.fromkeys(node.status for node in found if node.status is not None)
    return [
        *(Node(f"legend_{kind}", kind, kind) for kind in kinds),
        *(Node(f"legend_{each}", "Pass", _said(each), status=each) for each in statuses),
    ]


def lines_of(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Yield a line drawn like edges of the graph, its colour, and its meaning."""
    caught = [edge for edge in graph.edges if edge.caught]
    if caught:
        plain = all(edge.taken is None and edge.status is None for edge in caught)
        yield "- - -", edge_line(caught[0]) if plain else GREY, "Catch"
    failed = next((edge for edge in graph.edges if edge.status == "failed"), None)
    if failed is not None:
        yield "━━", edge_line(failed), "path to the failure"


def _said(status: DrawnStatus) -> str:
    # A diagram of a run does not distinguish running states from those stopped with the execution.
    return "running or stopped" if status == "unfinished" else captions.said(status)


def _states(items: Iterable[Item]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, Cluster):
            yield item.node
            yield from _states(item.items)
        elif item.state is not None:
            yield item
