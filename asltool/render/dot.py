"""DOT, the language of Graphviz.

Source: https://graphviz.org/doc/info/lang.html and https://graphviz.org/doc/info/shapes.html#html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final

import graphviz

from asltool.render.graph import Cluster, Edge, Graph, Item, Kind, Node
from asltool.render.labels import NAME_WIDTH, visible, wrap
from asltool.render.look import CLUSTER_FILL, FONT, GREY, INK, accent, edge_ink, edge_line, paint

__all__ = ["dot"]

_GRAPH: Final = {
    "compound": "true",  # lets an edge end at the border of a cluster
    "newrank": "true",  # lets branches begin at the same height
    "fontname": FONT,
    "fontsize": "12",
    "nodesep": "0.4",
    "ranksep": "0.45",
    "pad": "0.2",
}
_NODE: Final = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": FONT,
    "fontsize": "12",
    "fontcolor": INK,
    "height": "0.55",
    "margin": "0.19,0.06",
}
_EDGE: Final = {
    "arrowsize": "0.7",
    "color": GREY,
    "fontname": FONT,
    "fontsize": "10",
    "fontcolor": GREY,
    "weight": "8",
}

_PILL = {"height": "0.3", "width": "0.7", "margin": "0.1,0.03"}
_DOT = {"shape": "point", "width": "0.1"}
_SHAPES: Final[Mapping[Kind, Mapping[str, str]]] = {
    "Choice": {"shape": "hexagon", "width": "1.7", "margin": "0,0.03"},
    "Succeed": {"margin": "0.2,0.06"},
    "Fail": {"shape": "octagon", "style": "filled", "margin": "0.05,0.03"},
    "Start": _PILL,
    "End": _PILL,
    "Entry": _DOT,
    "Exit": _DOT,
}
"""What is no box with a coloured band at its left side."""

_BAND = 6
"""Points; how broad a band is."""

_LABEL_WIDTH = 32
"""How many columns the text beside an edge may take."""


def dot(graph: Graph) -> str:
    """Return a graph as DOT."""
    clusters: dict[str, Cluster] = {}
    body = list(_items(graph.items, clusters))
    body += (_edge_line(edge, clusters) for edge in graph.edges)
    source: str = graphviz.Digraph(graph_attr=_GRAPH, node_attr=_NODE, edge_attr=_EDGE, body=body).source
    return source


def _items(items: Iterable[Item], clusters: dict[str, Cluster], indent: str = "\t") -> Iterator[str]:
    """Yield the lines for what stands side by side, and note the clusters among it by their ids."""
    for item in items:
        if isinstance(item, Node):
            yield f"{indent}{item.id} [{_attributes(_node(item))}]\n"
            continue
        clusters[item.node.id] = item
        yield f"{indent}subgraph cluster_{item.node.id} {{\n"
        yield f"{indent}\tgraph [{_attributes(_cluster(item.node))}]\n"
        yield from _items((item.entry, *item.items, item.exit), clusters, f"{indent}\t")
        yield f"{indent}}}\n"


def _attributes(attributes: Mapping[str, str]) -> str:
    """Return attributes, a label in HTML as it is and all else between quotes.

    The library would look at each value for what it might be, which takes twice the time of all the rest.
    """
    return " ".join(
        f"{name}={value}" if name == "label" else f'{name}="{value}"' for name, value in attributes.items()
    )


def _node(node: Node) -> dict[str, str]:
    colours = paint(node)
    return {
        "label": _label(node, colours.note),
        "color": colours.line,
        "fillcolor": colours.fill if node.kind in _SHAPES else _banded(node, colours.fill),
        "tooltip": _text(node.tooltip),
        **_SHAPES.get(node.kind, {}),
        **_outline(node),
    }


def _outline(node: Node) -> Mapping[str, str]:
    """Return what a run changes beside the colours: bold where it came by, faint where not."""
    if node.status in (None, "same"):
        return {}
    return {"fontcolor": paint(node).text} if node.status == "unreached" else {"penwidth": "2"}


def _banded(node: Node, fill: str) -> str:
    """Return the ground of a box as a gradient with a sharp step; how broad the box will be is a guess."""
    width = 24 + max(5.2 * len(_note(node)), *(7.4 * len(line) for line in wrap(node.title, NAME_WIDTH)))
    return f"{accent(node)};{_BAND / width:.3f}:{fill}"


def _label(node: Node, note_colour: str) -> str:
    """Return what stands in a node: the small print over the name."""
    if _SHAPES.get(node.kind) is _DOT:
        return '""'
    align = "CENTER" if node.kind in _SHAPES else "LEFT"
    rows = [f"<B>{_html(line)}</B>" for line in wrap(node.title, NAME_WIDTH)]
    if node.detail:
        note = _html(visible(_note(node)))
        rows.insert(0, f'<FONT POINT-SIZE="9" COLOR="{note_colour}">{note}</FONT>')
    return _table(rows, f'CELLPADDING="1" ALIGN="{align}"')


def _note(node: Node) -> str:
    return f"{node.detail}  {node.badge}" if node.badge else node.detail


def _table(rows: Iterable[str], cell: str) -> str:
    cells = "".join(f"<TR><TD {cell}>{row}</TD></TR>" for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0">{cells}</TABLE>>'


def _cluster(node: Node) -> dict[str, str]:
    colours = paint(node)
    return {
        "label": _label(node, colours.note if node.status else colours.line),
        "labeljust": "l",
        "style": "rounded,dashed,filled",
        "fillcolor": CLUSTER_FILL,
        "color": colours.line,
        "fontcolor": INK,
        "margin": "14",
        "tooltip": _text(node.tooltip),
        **_outline(node),
    }


def _edge_line(edge: Edge, clusters: Mapping[str, Cluster]) -> str:
    """Return the line of an edge; one of a cluster runs to a mark inside it and is cut off at its border."""
    tail, head = clusters.get(edge.tail), clusters.get(edge.head)
    attributes = _edge(edge)
    if tail is not None and tail is not head:
        attributes["ltail"] = f"cluster_{edge.tail}"
    if head is not None and tail is not head:
        attributes["lhead"] = f"cluster_{edge.head}"
    ends = f"{tail.exit.id if tail else edge.tail} -> {head.entry.id if head else edge.head}"
    return f"\t{ends} [{_attributes(attributes)}]\n"


def _edge(edge: Edge) -> dict[str, str]:
    attributes = {"tooltip": _text(edge.tooltip)}
    if edge.label:
        lines = [_html(line) for text in edge.label for line in wrap(text, _LABEL_WIDTH)]
        attributes["label"] = _table(["<BR/>".join(lines)], 'CELLPADDING="4"')
    if edge.caught:
        # Weight keeps the way that is meant straight, and lets that of errors bend.
        attributes |= {"style": "dashed", "weight": "1"}
    if edge.stands_out:
        attributes["penwidth"] = "2.2"
    if edge.caught or edge.taken is not None or edge.status is not None:
        attributes |= {"color": edge_line(edge), "fontcolor": edge_ink(edge)}
    return attributes


def _html(text: str) -> str:
    """Return visible text for Graphviz's HTML, where an element must not be empty.

    A backslash still begins an escape there: a node's ``\\N`` would become its id.
    """
    return escape(text).replace("\\", "\\\\") or "&#160;"


def _text(text: str) -> str:
    """Return text to stand between quotes, in which a backslash is to mean nothing."""
    shown = "\n".join(map(visible, text.split("\n")))
    return shown.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
