"""What the colours of a drawing mean: a sample of each type of state and each status that occurs in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asltool.diagrams import captions
from asltool.diagrams.graph import Cluster, Graph, Item, Node
from asltool.diagrams.highlight import Status

__all__ = ["samples"]


def samples(graph: Graph) -> list[Node]:
    """Return nodes that are drawn like those of the graph, each with what it stands for as its title.

    Types come first, then statuses, each in the order in which they occur.
    """
    found = list(_states(graph.items))
    kinds = dict.fromkeys(node.kind for node in found)
    statuses = dict.fromkeys(node.status for node in found if node.status is not None)
    return [
        *(Node(f"legend_{kind}", kind, kind) for kind in kinds),
        *(Node(f"legend_{each}", "Pass", _said(each), status=each) for each in statuses),
    ]


def _said(status: Status) -> str:
    # A picture of a run does not tell what is going on from what was stopped with the execution.
    return "running or stopped" if status == "unfinished" else captions.said(status)


def _states(items: Iterable[Item]) -> Iterator[Node]:
    for item in items:
        if isinstance(item, Cluster):
            yield item.node
            yield from _states(item.items)
        elif item.state is not None:
            yield item
