"""Mermaid flowcharts, as GitHub, GitLab and others show them inside Markdown.

Source: https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from asltool.diagrams.graph import Edge, Graph, Item, Node, NodeKind
from asltool.diagrams.labels import NAME_WIDTH, visible, wrap
from asltool.diagrams.legend import samples
from asltool.diagrams.look import CLUSTER_FILL, edge_line, paint

__all__ = ["mermaid"]

_PILL = ("([", "])")
_DOT = ("((", "))")
_SHAPES: Final[Mapping[NodeKind, tuple[str, str]]] = {
    "Choice": ("{{", "}}"),
    "Succeed": _PILL,
    "Fail": _PILL,
    "Start": _PILL,
    "End": _PILL,
    "Entry": _DOT,
    "Exit": _DOT,
}
"""Node kinds that are not boxes with round corners."""

_SPECIAL = re.compile(r"""["#$%&*<>\\`]|^[-+]|(?<=\d)[.)](?=\s)""")
"""What Mermaid would read as markup of its own, as mathematics, a directive, a list, HTML or an entity."""

_PAIR = re.compile(r"#36;(?=#36;)|#92;(?=n)")
"""What opens mathematics (``$$``) or ends a line (``\\n``) even if coded; a space of no width parts it."""

_NOTE_WIDTH = 60
"""How many columns a line of what is said of the whole may take."""

_SETTINGS = '%%{init: {"flowchart": {"wrappingWidth": 400}}}%%'
"""Leaves it to us where the name of a state is broken, which Mermaid would do at spaces only."""


def mermaid(graph: Graph, *, legend: bool = False) -> str:
    """Return a graph as a Mermaid flowchart; a legend is an unconnected subgraph."""
    classes: dict[str, list[str]] = {}
    lines = [_SETTINGS, "flowchart TD", *_items(graph.items, classes, "  ")]
    if legend:
        lines += ['  subgraph legend["Legend"]', "    direction LR"]
        lines += [*_items(samples(graph), classes, "    "), "  end"]
    lines += [_edge(edge) for edge in graph.edges]
    if graph.notes:
        written = "<br/>".join(_text(line) for note in graph.notes for line in wrap(note, _NOTE_WIDTH))
        lines += [f'  notes["{written}"]', "  style notes fill:none,stroke:none,text-align:left"]
    lines += _link_styles(graph.edges)
    for name, ids in classes.items():
        lines += [f"  classDef {name}", f"  class {','.join(ids)} {name.partition(' ')[0]}"]
    return "\n".join(lines) + "\n"


def _items(items: Iterable[Item], classes: dict[str, list[str]], indent: str) -> Iterator[str]:
    """Yield the lines for sibling items, and record the class of each in ``classes``."""
    for item in items:
        if isinstance(item, Node):
            classes.setdefault(_look(item), []).append(item.id)
            yield f"{indent}{_node(item)}"
            continue
        classes.setdefault(_look(item.node, frame=True), []).append(item.node.id)
        # A second line of a title would cover the content.
        yield f'{indent}subgraph {item.node.id}["<b>{_text(item.node.title)}</b> {_note(item.node)}"]'
        yield f"{indent}  direction TB"
        yield from _items((item.entry, *item.items, item.exit), classes, indent + "  ")
        yield f"{indent}end"


def _node(node: Node) -> str:
    before, after = _SHAPES.get(node.kind, ("(", ")"))
    if (before, after) == _DOT:
        return f"{node.id}{before} {after}"
    lines = [_note(node)] if node.detail else []
    lines.append(f"<b>{'<br/>'.join(map(_text, wrap(node.title, NAME_WIDTH)))}</b>")
    return f'{node.id}{before}"{"<br/>".join(lines)}"{after}'


def _note(node: Node) -> str:
    return f"<small>{_text(f'{node.detail} {node.badge}'.strip())}</small>"


def _look(node: Node, frame: bool = False) -> str:
    """Return a class and its style, for a status or else for a kind."""
    colours = paint(node)
    name = f"{node.status or node.kind}{'Frame' if frame else ''}"
    fill = CLUSTER_FILL if frame else colours.fill
    dashed = ",stroke-dasharray:5 4" if node.kind == "Ghost" else ""
    return f"{name} fill:{fill},stroke:{colours.line},color:{colours.text}{dashed}"


def _edge(edge: Edge) -> str:
    arrow = "-.->" if edge.caught else "-->"
    label = f'|"{"<br/>".join(map(_text, edge.label))}"|' if edge.label else ""
    return f"  {edge.tail} {arrow}{label} {edge.head}"


def _link_styles(edges: Iterable[Edge]) -> Iterator[str]:
    """Yield the styles of edges, which are numbered in drawing order."""
    styles: dict[str, list[str]] = {}
    for number, edge in enumerate(edges):
        if edge.caught or edge.taken is not None or edge.status is not None:
            thick = 6 if edge.status == "failed" else 3
            width = f",stroke-width:{thick}px" if edge.stands_out else ""
            styles.setdefault(f"stroke:{edge_line(edge)}{width}", []).append(str(number))
    for style, numbers in styles.items():
        yield f"  linkStyle {','.join(numbers)} {style}"


def _text(text: str) -> str:
    """Return text for a quoted label, which must not be empty."""
    coded = _SPECIAL.sub(lambda match: f"#{ord(match[0])};", visible(text))
    return _PAIR.sub(r"\g<0>#8203;", coded) or "#160;"
