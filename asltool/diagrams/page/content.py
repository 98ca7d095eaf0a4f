"""The data of the page as JSON: the graph, its overlay, and a run event by event.

The page's script has no built-in knowledge of statuses: their names, tones and marks, their states and times
are data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from asltool.diagrams import captions
from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node
from asltool.diagrams.highlight import Highlight, Summary
from asltool.diagrams.hints import hints
from asltool.diagrams.page.run_content import NOTHING, NUMBERS, STATUSES, RunContent
from asltool.diagrams.page.shared_values import Values
from asltool.syntax.model import StateMachine
from asltool.syntax.text import at

__all__ = ["content", "content_of_run", "has_room"]

ROOM: Final = 1_800_000
"""Characters that values may take, so that a page stays small enough to send and to open."""

_MOST: Final = (None, 20_000, 2_000, 200, 40)
"""How long texts and lists may be, tried in turn until there is room for all values."""


def content(
    graph: Graph, machine: StateMachine, highlight: Highlight | None, definition: Any
) -> dict[str, Any]:
    """Return the data of a page, with values shortened to fit."""
    return content_of_run(graph, machine, highlight, definition)[0]


def content_of_run(
    graph: Graph, machine: StateMachine, highlight: Highlight | None, definition: Any
) -> tuple[dict[str, Any], RunContent | None]:
    """Return the same as `content`, and the content of the run, which can be extended with new events."""
    for most in _MOST:
        values = Values(most)
        made = _Content(graph, values, definition, highlight)
        data = made.all(machine, highlight)
        if has_room(values):
            break
    return {**data, "values": values.rows, "keys": values.keys, "cut": values.cut and most}, made.run


def has_room(values: Values) -> bool:
    """Return whether a page has room for these values, or they cannot be shortened further."""
    return values.size <= ROOM or values.most == _MOST[-1]


def _flat(items: Iterable[Item], parent: int, nodes: list[tuple[Node, int]]) -> None:
    """List nodes with the number of the node around each, outer ones first."""
    for item in items:
        if isinstance(item, Cluster):
            number = len(nodes)
            nodes.append((item.node, parent))
            _flat((item.entry, *item.items, item.exit), number, nodes)
        else:
            nodes.append((item, parent))


class _Content:
    def __init__(self, graph: Graph, values: Values, definition: Any, highlight: Highlight | None) -> None:
        self._graph = graph
        self._values = values
        self._definition = definition
        self._nodes: list[tuple[Node, int]] = []
        self.run: RunContent | None = None
        self._former: Mapping[str, Any] = {} if highlight is None else highlight.definitions
        _flat(graph.items, NOTHING, self._nodes)
        self._numbers = {node.state.name: at for at, (node, _) in enumerate(self._nodes) if node.state}

    def all(self, machine: StateMachine, highlight: Highlight | None) -> dict[str, Any]:
        data: dict[str, Any] = {"comment": machine.comment or "", "nodes": list(self._drawn())}
        data["edges"] = list(self._edges())
        data["statuses"] = [[captions.said(status), *look] for status, look in STATUSES.items()]
        if highlight is None:
            return data
        known = highlight.statuses
        data["overlay"] = [
            NUMBERS[node.status]
            if node.status in ("wrong", "warned")
            else NUMBERS[known[node.state.name]]
            if node.state and node.state.name in known
            else NOTHING
            for node, _ in self._nodes
        ]
        if highlight.summary is not None:
            data["summary"] = self._summary(highlight.summary)
        if highlight.story is not None:
            data["overlay"] = [
                NUMBERS["unreached"] if status != NOTHING else NOTHING for status in data["overlay"]
            ]
            edges = {edge.transition: number for number, edge in enumerate(self._graph.edges)}
            self.run = RunContent(highlight.story, self._values, self._numbers, edges, highlight.children)
            data["run"] = self.run.whole()
        return data

    def _summary(self, summary: Summary) -> dict[str, Any]:
        rows = [[text, self._numbers[name] if name else NOTHING] for text, name in summary.rows]
        return {"line": summary.line, "title": summary.title, "rows": rows}

    def _drawn(self) -> Iterator[dict[str, Any]]:
        ids = {}
        for number, (node, parent) in enumerate(self._nodes):
            ids[node.id] = number
            drawn: dict[str, Any] = {"kind": node.kind, "in": parent, "title": node.title}
            if node.state is not None:
                drawn |= {"detail": node.detail, "badge": node.badge, "hint": node.tooltip}
                if node.state.name in self._former and node.status in ("changed", "removed"):
                    drawn["before"] = self._values.add(self._former[node.state.name])
                if self._definition is not None and node.status != "removed":
                    drawn["definition"] = self._values.add(at(self._definition, node.state.pointer))
            yield drawn
        self._ids = ids

    def _edges(self) -> Iterator[dict[str, Any]]:
        spine = hints(self._graph).spine
        for edge in self._graph.edges:
            drawn: dict[str, Any] = {"from": self._ids[edge.tail], "to": self._ids[edge.head]}
            drawn |= {"caught": edge.caught, "label": edge.label, "hint": edge.tooltip}
            if (edge.tail, edge.head) in spine and not edge.caught and not self._forks(edge):
                drawn["spine"] = True
            if edge.status is not None:
                drawn["status"] = NUMBERS[edge.status]
                if edge.taken is not None:
                    drawn["taken"] = edge.taken
            yield drawn

    def _forks(self, edge: Edge) -> bool:
        """Whether an edge starts or ends a branch; the entry of a Parallel is centred above all branches."""
        parent = self._nodes[self._ids[edge.tail]][1]
        branch = parent != NOTHING and self._nodes[parent][0].kind == "Parallel"
        return branch and None in (edge.transition.source, edge.transition.target)
