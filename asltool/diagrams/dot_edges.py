"""The edges of a drawing in DOT, and their labels.

A label is drawn as a separate node, called a tag, with one line from the tail and one to the head. The rules
of a Choice share one tag with a cell for each rule. Graphviz keeps the order of cells, but not that of edge
labels, nor reliably that of nodes. It also reserves space for edge labels in every row; a tag takes only its
own space.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from asltool.diagrams.dot_text import html, quoted, table
from asltool.diagrams.graph import Cluster, Edge
from asltool.diagrams.hints import Hints
from asltool.diagrams.labels import wrap
from asltool.diagrams.look import GREY, edge_ink, edge_line

__all__ = ["Tagged", "lines", "tagged", "tags"]

_TAG: Final = f'shape="plain" style="" fontsize="10" fontcolor="{GREY}" width="0" height="0" margin="0"'

_TAG_WIDTH: Final = 32
"""The largest width of a tag, in columns."""

_TIGHT: Final = 'CELLBORDER="0" CELLSPACING="4" CELLPADDING="0"'
_BRACKET: Final = "#8c4fff"

_BOLD, _THICK = "2.2", "4"

_ENTRY, _SPINE, _NEXT, _FAR = "20", "16", "4", "1"
"""Weights: a heavier edge is shorter and straighter.

Measured on 20 definitions of 8 to 110 states: a heavier spine bends less but crosses more edges. Edges from
an entry are the heaviest, so that all branches start at the same height.
"""


_End: TypeAlias = tuple[str, str]
"""The node at one end of an edge, and the cluster at whose border the edge is cut off, or an empty string."""


class Tagged(NamedTuple):
    """An edge, the node of its label if it has one, and the side where an upward edge leaves that node.

    The rules of a Choice are cells of one node, from left to right. Each cell is a port of that node.
    """

    edge: Edge
    tag: str | None = None
    cell: str | None = None
    side: str = "e"


def tagged(edges: Iterable[Edge]) -> dict[str, list[Tagged]]:
    """Return edges by the ids of their tails, in order."""
    beside: dict[str, list[Edge]] = {}
    for edge in edges:
        beside.setdefault(edge.tail, []).append(edge)
    return {tail: list(_tagged(tail, each)) for tail, each in beside.items()}


def _tagged(tail: str, edges: Sequence[Edge]) -> Iterator[Tagged]:
    rules = [edge for edge in edges if _is_rule(edge)]
    for number, edge in enumerate(edges, 1):
        if len(rules) > 1 and _is_rule(edge):
            side = "w" if edge is rules[0] else "e" if edge is rules[-1] else "ne"
            yield Tagged(edge, f"{tail}_rules", f"r{number}", side)
        else:
            yield Tagged(edge, f"{tail}_{number}" if edge.label else None)


def _is_rule(edge: Edge) -> bool:
    return bool(edge.label) and not edge.caught and edge.transition.source is not None


def tags(beside: Iterable[Tagged], indent: str) -> Iterator[str]:
    """Yield the tags of one state."""
    rules = []
    for each in beside:
        if each.cell is not None:
            rules.append(each)
        elif each.tag is not None:
            label = table([_words(each.edge)], 'CELLPADDING="3"')
            yield _tag(indent, each, label, each.edge.tooltip)
    if rules:
        cells = "".join(f'<TD PORT="{each.cell}" CELLPADDING="4">{_words(each.edge)}</TD>' for each in rules)
        label = f'<<TABLE BORDER="1" SIDES="T" COLOR="{_BRACKET}" {_TIGHT}><TR>{cells}</TR></TABLE>>'
        yield _tag(indent, rules[0], label, "\n".join(each.edge.tooltip for each in rules))


def _tag(indent: str, each: Tagged, label: str, tooltip: str) -> str:
    return f'{indent}{each.tag} [label={label} tooltip="{quoted(tooltip)}" {_TAG}]\n'


def _words(edge: Edge) -> str:
    words = "<BR/>".join(html(line) for text in edge.label for line in wrap(text, _TAG_WIDTH))
    return f'<FONT COLOR="{edge_ink(edge)}">{words}</FONT>' if _is_coloured(edge) else words


def lines(beside: Sequence[Tagged], clusters: Mapping[str, Cluster], known: Hints) -> Iterator[str]:
    """Yield the lines of a state's edges: one for each edge, or two with a tag between them."""
    rules = [each for each in beside if each.cell is not None]
    if rules:
        yield _line(_begin(rules[0].edge, clusters), *_to_rules(rules, known))
    for each in beside:
        yield from _lines(each, clusters, known)


def _to_rules(rules: Sequence[Tagged], known: Hints) -> tuple[_End, str, bool]:
    """Return the end and look of the line from a Choice to its rules: above the rule on the spine, if any."""
    straight = [each for each in rules if (each.edge.tail, each.edge.head) in known.spine]
    end = f"{rules[0].tag}:{straight[0].cell}" if straight else f"{rules[0].tag}"
    foremost = max(rules, key=lambda each: (each.edge.stands_out, each.edge.taken or 0)).edge
    return (end, ""), f'{_look(foremost)}dir="none" weight="{_SPINE}"', False


def _lines(each: Tagged, clusters: Mapping[str, Cluster], known: Hints) -> Iterator[str]:
    edge = each.edge
    begin, end = _begin(edge, clusters), _end(edge, clusters)
    up, weight = edge.turned or known.leads_up(edge), _weight(edge, known)
    look = f'tooltip="{quoted(edge.tooltip)}" {_look(edge)}'
    if each.tag is not None:
        if each.cell is None:
            near = max(weight, _NEXT, key=int)
            yield _line(begin, (each.tag, ""), f'{look}dir="none" weight="{near}"', up)
        begin = ":".join(filter(None, (each.tag, each.cell, each.side if up and each.cell else None))), ""
    arrow = 'dir="none" ' if edge.joins else 'dir="back" ' if up else ""
    yield _line(begin, end, f'{look}{arrow}weight="{weight}"', up)


def _begin(edge: Edge, clusters: Mapping[str, Cluster]) -> _End:
    """Return the start of an edge: for a cluster, a mark inside; the edge is clipped at the border."""
    tail = clusters.get(edge.tail)
    return (edge.tail, "") if tail is None else (tail.exit.id, "" if edge.head == edge.tail else edge.tail)


def _end(edge: Edge, clusters: Mapping[str, Cluster]) -> _End:
    head = clusters.get(edge.head)
    return (edge.head, "") if head is None else (head.entry.id, "" if edge.head == edge.tail else edge.head)


def _line(tail: _End, head: _End, look: str, up: bool) -> str:
    """Return a line. If it leads up, its head comes first: Graphviz places the first node above."""
    (first, left), (last, entered) = (head, tail) if up else (tail, head)
    if left:
        look += f' ltail="cluster_{left}"'
    if entered:
        look += f' lhead="cluster_{entered}"'
    return f"\t{first} -> {last} [{look}]\n"


def _weight(edge: Edge, known: Hints) -> str:
    straight = (edge.tail, edge.head) in known.spine
    if edge.transition.target is None:
        return _NEXT if straight else _FAR
    if edge.transition.source is None:
        return _FAR if edge.joins else _ENTRY
    if straight:
        return _SPINE
    return _NEXT if known.is_next(edge) and not edge.caught else _FAR


def _look(edge: Edge) -> str:
    look = 'style="dashed" ' if edge.caught else ""
    if edge.stands_out:
        look += f'penwidth="{_THICK if edge.status == "failed" else _BOLD}" '
    return f'{look}color="{edge_line(edge)}" ' if _is_coloured(edge) else look


def _is_coloured(edge: Edge) -> bool:
    return edge.caught or edge.taken is not None or edge.status is not None
