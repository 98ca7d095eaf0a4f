"""What the page knows, as JSON: the graph, what lies over it, and a run event by event.

The page's script does not know what a status means: its name, tone and mark, who has it, and when, are data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, pairwise
from typing import Any, Final, Literal

from asltool.diagrams import captions
from asltool.diagrams.graph import Cluster, Edge, Graph, Item, Node
from asltool.diagrams.highlight import DrawnStatus, Highlight, Summary
from asltool.diagrams.hints import hints
from asltool.diagrams.page.shared_values import Values
from asltool.history.event_types import type_of
from asltool.history.shape import details_of
from asltool.history.story import Story
from asltool.history.timestamps import seconds_of
from asltool.history.visits import Iterations, Visit
from asltool.syntax.causes import cause_lines
from asltool.syntax.model import StateMachine
from asltool.syntax.text import at

__all__ = ["content"]

NOTHING: Final = -1
"""Stands for a number where there is none."""

ROOM: Final = 1_800_000
"""Characters that values may take, so that a page stays small enough to send and to open."""

_MOST: Final = (None, 20_000, 2_000, 200, 40)
"""How long texts and lists may be, tried in turn until there is room for all values."""

_STATUSES: Final[Mapping[DrawnStatus | Literal["stopped"], tuple[str, str]]] = {
    "unreached": ("mute", ""),
    "succeeded": ("good", "✓"),
    "failed": ("bad", "✕"),
    "caught": ("warn", "!"),
    "unfinished": ("busy", "…"),
    "stopped": ("idle", "■"),
    "added": ("good", "+"),
    "removed": ("bad", "-"),
    "changed": ("warn", "~"),
    "same": ("mute", ""),
    "covered": ("good", "✓"),
    "partial": ("warn", "◐"),
    "uncovered": ("bad", "✕"),
    "wrong": ("bad", "✕"),
}
"""The tone of a status, and the mark that tells it without colour."""

_NUMBERS = {status: number for number, status in enumerate(_STATUSES)}


def content(
    graph: Graph, machine: StateMachine, highlight: Highlight | None, definition: Any
) -> dict[str, Any]:
    """Return the data of a page, its values short enough to fit."""
    for most in _MOST:
        values = Values(most)
        data = _Content(graph, values, definition, highlight).all(machine, highlight)
        if values.size <= ROOM:
            break
    return {**data, "values": values.rows, "keys": values.keys, "cut": values.cut and most}


def _flat(items: Iterable[Item], parent: int, nodes: list[tuple[Node, int]]) -> None:
    """List nodes with the number of the one around each, outer before inner."""
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
        self._children: Mapping[str, Sequence[str]] = {}
        self._former: Mapping[str, Any] = {} if highlight is None else highlight.definitions
        _flat(graph.items, NOTHING, self._nodes)
        self._numbers = {node.state.name: at for at, (node, _) in enumerate(self._nodes) if node.state}

    def all(self, machine: StateMachine, highlight: Highlight | None) -> dict[str, Any]:
        data: dict[str, Any] = {"comment": machine.comment or "", "nodes": list(self._drawn())}
        data["edges"] = list(self._edges())
        data["statuses"] = [[captions.said(status), *look] for status, look in _STATUSES.items()]
        if highlight is None:
            return data
        known = highlight.statuses
        data["overlay"] = [
            _NUMBERS["wrong"]
            if node.status == "wrong"
            else _NUMBERS[known[node.state.name]]
            if node.state and node.state.name in known
            else NOTHING
            for node, _ in self._nodes
        ]
        if highlight.summary is not None:
            data["summary"] = self._summary(highlight.summary)
        if highlight.story is not None:
            data["overlay"] = [
                _NUMBERS["unreached"] if status != NOTHING else NOTHING for status in data["overlay"]
            ]
            self._children = highlight.children
            data["run"] = self._run(highlight.story)
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
                drawn["status"] = _NUMBERS[edge.status]
                if edge.taken is not None:
                    drawn["taken"] = edge.taken
            yield drawn

    def _forks(self, edge: Edge) -> bool:
        """Whether an edge begins or ends a branch; where a Parallel is entered stands over all branches."""
        parent = self._nodes[self._ids[edge.tail]][1]
        branch = parent != NOTHING and self._nodes[parent][0].kind == "Parallel"
        return branch and None in (edge.transition.source, edge.transition.target)

    def _run(self, story: Story) -> dict[str, Any]:
        numbers = {id(visit): number for number, visit in enumerate(story.visits)}
        self._failed_at = {id(visit): at for at, (visit, fate) in story.fates if fate in ("failed", "caught")}
        self._iterations_at = _failed_iterations(story)
        kinds: dict[str, int] = {}
        began, moments = _moments(story.events)
        return {
            "began": began,
            "ended": story.ended,
            "end": self._end(story),
            "events": [
                [kinds.setdefault(event["type"], len(kinds)) for event in story.events],
                moments,
                [NOTHING if owner is None else numbers[id(owner)] for owner in story.owners],
            ],
            "kinds": list(kinds),
            "visits": [self._visit(visit, numbers) for visit in story.visits],
            "fates": list(chain.from_iterable(self._fates(story))),
            "steps": list(chain.from_iterable(self._transitions(story))),
            "notes": list(chain.from_iterable(self._notes(story))),
        }

    def _end(self, story: Story) -> dict[str, Any]:
        """Return how the execution went: its status, input, output, error and cause."""
        first, last = (details_of(story.events[place]) if story.events else {} for place in (0, -1))
        status = story.events[-1]["type"].removeprefix("Execution") if story.ended else "Running"
        return {
            "status": {"TimedOut": "Timed out"}.get(status, status),
            "input": self._text(first.get("input")),
            "output": self._text(last.get("output") if story.ended else None),
            "error": last.get("error", "") if story.ended else "",
            "cause": _readable(last.get("cause", ""), self._last_children(story)) if story.ended else "",
        }

    def _last_children(self, story: Story) -> Sequence[str]:
        """Return why children failed of the Map that the execution failed in."""
        failed = next((visit for visit in reversed(story.visits) if visit.fate == "failed"), None)
        return () if failed is None else self._children.get(failed.state.name, ())

    def _visit(self, visit: Visit, numbers: Mapping[int, int]) -> list[Any]:
        return [
            self._numbers[visit.state.name],
            visit.entered,
            NOTHING if visit.left is None else visit.left,
            NOTHING if visit.around is None else numbers[id(visit.around)],
            NOTHING if visit.iteration is None else visit.iteration,
            _NUMBERS[visit.fate],
            self._text(visit.input),
            self._text(visit.output),
            self._values.object(visit.variables, map(self._values.read, visit.variables.values()))
            if visit.variables
            else NOTHING,
            self._failure(visit.error, visit.cause, self._children.get(visit.state.name, ())),
            self._failed_at.get(id(visit), NOTHING if visit.left is None else visit.left),
            [
                [
                    each.began,
                    NOTHING if each.ended is None else each.ended,
                    self._failure(each.error, each.cause),
                ]
                for each in visit.attempts
            ],
            self._iterations_at.get(id(visit), []),
        ]

    def _text(self, text: str | None) -> int:
        return NOTHING if text is None else self._values.read(text)

    def _failure(self, error: str | None, cause: str | None, children: Sequence[str] = ()) -> int:
        if error is None and cause is None:
            return NOTHING
        return self._values.add([error or "", _readable(cause or "", children)])

    def _fates(self, story: Story) -> Iterator[tuple[int, int, int]]:
        """Yield when a state gets which status; what the end of the execution finds running is stopped."""
        for position, (visit, fate) in story.fates:
            yield position, self._numbers[visit.state.name], _NUMBERS[fate]
        if story.ended:
            last = {visit.state.name: fate for _, (visit, fate) in story.fates}
            for name, fate in last.items():
                if fate == "unfinished":
                    yield len(story.events) - 1, self._numbers[name], _NUMBERS["stopped"]

    def _transitions(self, story: Story) -> Iterator[tuple[int, int]]:
        edges = {edge.transition: number for number, edge in enumerate(self._graph.edges)}
        for position, transition in story.transitions:
            if transition in edges:
                yield position, edges[transition]

    def _notes(self, story: Story) -> Iterator[tuple[int, int, str]]:
        """Yield when the badge of a state changes to what."""
        retries: Counter[str] = Counter()
        iterations: dict[str, Iterations] = {}
        again = {each.began for visit in story.visits for each in visit.attempts[1:]}
        for position, (event, owner) in enumerate(zip(story.events, story.owners, strict=True)):
            if owner is None:
                continue
            name = owner.state.name
            ended = iterations.setdefault(name, Iterations())
            row, index = type_of(event["type"]), details_of(event).get("index", 0)
            if position in again:
                retries[name] += 1
            elif row.subject == "iteration" and row.phase == "succeeded":
                ended.succeeded.append(index)
            elif row.subject == "iteration" and row.phase == "failed":
                ended.failed.append(index)
            else:
                continue
            yield position, self._numbers[name], captions.badge(owner.state, retries[name], ended)


def _failed_iterations(story: Story) -> dict[int, list[tuple[int, int]]]:
    """Return the iterations of each visit to a Map that failed, each with the position of its event."""
    found: dict[int, list[tuple[int, int]]] = {}
    for position, (event, owner) in enumerate(zip(story.events, story.owners, strict=True)):
        if owner is not None and event["type"] == "MapIterationFailed":
            found.setdefault(id(owner), []).append((details_of(event).get("index", 0), position))
    return found


def _readable(cause: str, children: Sequence[str]) -> str:
    """Return a cause on the lines that it has, a traceback among them, and why children failed."""
    return "\n".join([*cause_lines(cause), *children])


def _moments(events: Sequence[Mapping[str, Any]]) -> tuple[str, list[int]]:
    """Return when the first event was, as ISO 8601, and the milliseconds from each event to the next."""
    stamps = [event.get("timestamp") for event in events]
    if not stamps or None in stamps:
        return "", []
    known = [seconds_of(stamp) for stamp in stamps]
    steps = [round(later * 1000) - round(earlier * 1000) for earlier, later in pairwise(known)]
    return datetime.fromtimestamp(known[0], UTC).isoformat(timespec="milliseconds"), [0, *steps]
