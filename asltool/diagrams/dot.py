"""DOT, the language of Graphviz.

Source: https://graphviz.org/doc/info/lang.html and https://graphviz.org/doc/info/shapes.html#html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

import graphviz

from asltool.diagrams.dot_edges import Tagged, lines, tagged, tags
from asltool.diagrams.dot_text import html, quoted, table
from asltool.diagrams.graph import Cluster, Graph, Item, Node, NodeKind
from asltool.diagrams.hints import hints
from asltool.diagrams.labels import NAME_WIDTH, visible, wrap
from asltool.diagrams.legend import lines_of, samples
from asltool.diagrams.look import CLUSTER_FILL, FONT, GREY, INK, accent, paint
from asltool.diagrams.trunks import trunked

__all__ = ["dot"]

_GRAPH: Final = {
    "compound": "true",  # edges can end at the border of a cluster
    "newrank": "true",  # branches start at the same height
    "mclimit": "2",  # twice as many iterations to reduce crossings, in about the same time
    "fontname": FONT,
    "fontsize": "12",
    "nodesep": "0.4",
    "ranksep": "0.3",
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
}

_PILL = ' height="0.3" width="0.7" margin="0.1,0.03"'
_DOT = ' shape="point" width="0.1"'
_SHAPES: Final[Mapping[NodeKind, str]] = {
    "Choice": ' shape="hexagon" width="1.7" margin="0,0.03"',
    "Succeed": ' margin="0.2,0.06"',
    "Fail": ' shape="octagon" style="filled" margin="0.05,0.03"',
    "Start": _PILL,
    "End": _PILL,
    "Entry": _DOT,
    "Exit": _DOT,
    "Joint": ' shape="point" width="0.01"',
    "Ghost": ' style="rounded,dashed,filled"',
}
"""Node kinds that are not boxes with a coloured band."""

_BANDED: Final[Collection[NodeKind]] = ("Task", "Pass", "Wait")

_FRAME = (
    f'labeljust="l" style="rounded,dashed,filled" fillcolor="{CLUSTER_FILL}" fontcolor="{INK}" margin="14"'
)

_LEGEND_COLUMNS = 2

_NOTE_WIDTH = 90
"""How many columns a line below the drawing may take."""

_BAND = 6
"""Points; how broad a band is."""


def dot(graph: Graph, *, legend: bool = False) -> str:
    """Return a graph as DOT; a legend is placed below the diagram, as the label of the graph."""
    graph = trunked(graph)
    known = hints(graph)
    clusters: dict[str, Cluster] = {}
    edges = tagged(graph.edges)
    body = list(_items(graph.items, known.order, clusters, edges))
    body += (line for beside in edges.values() for line in lines(beside, clusters, known))
    if legend or graph.notes:
        # At the end, because clusters would inherit earlier attributes.
        body.append(f'\tlabel={_below(graph, legend)} labelloc="b" labeljust="l"\n')
    source: str = graphviz.Digraph(graph_attr=_GRAPH, node_attr=_NODE, edge_attr=_EDGE, body=body).source
    return source


def _items(
    items: Iterable[Item],
    order: Mapping[str, int],
    clusters: dict[str, Cluster],
    edges: Mapping[str, Sequence[Tagged]],
    indent: str = "\t",
) -> Iterator[str]:
    """Yield the lines for sibling items, and record the clusters among them by id."""
    for item in sorted(items, key=lambda item: order[_node_of(item).id]):
        if isinstance(item, Node):
            yield f"{indent}{item.id} [{_node(item)}]\n"
            yield from tags(edges.get(item.id, ()), indent)
            continue
        clusters[item.node.id] = item
        yield f"{indent}subgraph cluster_{item.node.id} {{\n"
        yield f"{indent}\tgraph [{_cluster(item.node)}]\n"
        yield from _items((item.entry, *item.items, item.exit), order, clusters, edges, f"{indent}\t")
        yield f"{indent}}}\n"
        yield from tags(edges.get(item.node.id, ()), indent)


def _node_of(item: Item) -> Node:
    return item if isinstance(item, Node) else item.node


def _below(graph: Graph, legend: bool) -> str:
    """Return the label below a diagram: its notes, then the legend."""
    lines = [html(line) for note in graph.notes for line in wrap(note, _NOTE_WIDTH)]
    rows = "".join(f'<TR><TD ALIGN="LEFT">{line}</TD></TR>' for line in lines)
    if legend:
        rows += f'<TR><TD ALIGN="LEFT">{_legend(graph)}</TD></TR>'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="0">{rows}</TABLE>>'


def _legend(graph: Graph) -> str:
    entries = [f"{_sample(node)}{_meaning(node.title)}" for node in samples(graph, _BANDED)]
    for line, colour, meaning in lines_of(graph):
        entries.append(f'<TD><FONT COLOR="{colour}">{line}</FONT></TD>{_meaning(meaning)}')
    rows = (entries[at : at + _LEGEND_COLUMNS] for at in range(0, len(entries), _LEGEND_COLUMNS))
    cells = "".join(f"<TR>{''.join(row)}</TR>" for row in rows)
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="4" CELLPADDING="0">{cells}</TABLE>'


def _sample(node: Node) -> str:
    """Return a cell with the fill and outline of a node; a type without a status has its own colour."""
    fill = accent(node) if node.status is None else paint(node).fill
    size = 'WIDTH="22" HEIGHT="12" FIXEDSIZE="TRUE"'
    return f'<TD BORDER="1" {size} BGCOLOR="{fill}" COLOR="{paint(node).line}"></TD>'


def _meaning(text: str) -> str:
    return f'<TD ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="{INK}">{text}  </FONT></TD>'


def _node(node: Node) -> str:
    colours = paint(node)
    fill = colours.fill if node.kind in _SHAPES else _banded(node, colours.fill)
    look = f'label={_label(node, colours.note)} color="{colours.line}" fillcolor="{fill}"'
    return f'{look} tooltip="{quoted(node.tooltip)}"{_SHAPES.get(node.kind, "")}{_outline(node)}'


def _outline(node: Node) -> str:
    """Return the style that a run adds to the colours: bold if it was there, faint if not."""
    if node.status in (None, "same"):
        return ""
    return f' fontcolor="{paint(node).text}"' if node.status == "unreached" else ' penwidth="2"'


def _banded(node: Node, fill: str) -> str:
    """Return the fill of a box as a gradient with a sharp step; the width of the box is estimated."""
    width = 24 + max(5.2 * len(_note(node)), *(7.4 * len(line) for line in wrap(node.title, NAME_WIDTH)))
    return f"{accent(node)};{_BAND / width:.3f}:{fill}"


def _label(node: Node, note_colour: str) -> str:
    """Return the label of a node: a note in small print above the name."""
    if node.kind in ("Entry", "Exit", "Joint"):
        return '""'
    align = "CENTER" if node.kind in _SHAPES else "LEFT"
    rows = [f"<B>{html(line)}</B>" for line in wrap(node.title, NAME_WIDTH)]
    if node.detail:
        note = html(visible(_note(node)))
        rows.insert(0, f'<FONT POINT-SIZE="9" COLOR="{note_colour}">{note}</FONT>')
    return table(rows, f'CELLPADDING="1" ALIGN="{align}"')


def _note(node: Node) -> str:
    return f"{node.detail}  {node.badge}" if node.badge else node.detail


def _cluster(node: Node) -> str:
    colours = paint(node)
    look = f'label={_label(node, colours.note if node.status else colours.line)} color="{colours.line}"'
    return f'{look} tooltip="{quoted(node.tooltip)}" {_FRAME}{_outline(node)}'
