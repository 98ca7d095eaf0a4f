"""The graph to draw: nodes, clusters and edges, used by every format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from asltool.diagrams import captions
from asltool.diagrams.edge_labels import labels, numbered
from asltool.diagrams.highlight import DrawnStatus, Highlight, NamedTransition
from asltool.errors import RenderError
from asltool.syntax.model import State, StateMachine

__all__ = ["Cluster", "Edge", "Graph", "Item", "Node", "NodeKind", "build_graph"]

NodeKind = Literal[
    "Task",
    "Parallel",
    "Map",
    "Pass",
    "Wait",
    "Choice",
    "Succeed",
    "Fail",
    "Start",
    "End",
    "Entry",
    "Exit",
    "Joint",
    "Ghost",
]
"""A state's type, or a mark: where the machine starts and ends, where a cluster is entered and left, where
edges join, and what stands for a state that does not exist."""


@dataclass(frozen=True, slots=True)
class Node:
    """A state or a mark.

    ``title`` is the name, ``detail`` a short description, ``badge`` its retries, and ``tooltip`` has all
    details. ``status`` is None if no run is shown or the status is not known, and at a mark that a run
    reached. ``state`` is None at a mark.
    """

    id: str
    kind: NodeKind
    title: str
    detail: str = ""
    badge: str = ""
    tooltip: str = ""
    status: DrawnStatus | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Parallel or a Map, drawn as its content between two marks instead of a box."""

    node: Node
    entry: Node
    items: tuple[Item, ...]
    exit: Node


Item = Node | Cluster


@dataclass(frozen=True, slots=True)
class Edge:
    """All transitions from one state to another, except those of Catchers, which have a separate edge.

    ``tail`` and ``head`` are ids (for a cluster, that of its node); ``transition`` has the names. ``taken``
    counts how often runs took it; it is None if no run is shown or this is not known. ``status`` is
    ``failed`` on the path to the state in which a run failed, and ``same`` on all other edges that the run
    took. Each text of ``label`` is a line. An edge that ``joins`` ends at a joint, from which another edge
    continues; one that is ``turned`` should lead upward.
    """

    tail: str
    head: str
    transition: NamedTransition
    label: tuple[str, ...] = ()
    tooltip: str = ""
    taken: int | None = None
    status: DrawnStatus | None = None
    joins: bool = False
    turned: bool = False

    @property
    def caught(self) -> bool:
        return self.transition.caught

    @property
    def stands_out(self) -> bool:
        """Whether the edge is emphasized by a run or a comparison."""
        return bool(self.taken and self.status != "same") or self.status in _STANDING_OUT


_STANDING_OUT: Final = ("added", "removed", "changed", "uncovered", "failed")


@dataclass(frozen=True, slots=True)
class Graph:
    """``items`` are in document order, between the marks of start and end.

    ``notes`` are lines to write below the diagram.
    """

    items: tuple[Item, ...]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()


def build_graph(machine: StateMachine, highlight: Highlight | None = None) -> Graph:
    """Return the graph of a machine with the overlay ``highlight``.

    Raises:
        RenderError: a transition leads to a missing state, or a condition is not valid.
    """
    return _GraphBuilder(highlight).graph(machine)


_PLAIN: Final = Highlight({}, {}, {})


class _GraphBuilder:
    """Numbers the states in order, because ids must not depend on the characters of names."""

    def __init__(self, highlight: Highlight | None) -> None:
        self._shown = highlight or _PLAIN
        self._numbered = 0
        self._edges: list[Edge] = []
        self._ghosts: dict[str, list[Node]] = {}
        """States that do not exist, by the mark at which the machine ends that they are missing in."""
        self._touched: set[str] = set()
        """Where an edge begins or ends that the run took, or may have taken."""

    def graph(self, machine: StateMachine) -> Graph:
        states = self._scope((machine,), "start", "finish")
        items = [self._mark("start", "Start"), *states]
        if any(edge.head == "finish" for edge in self._edges):
            items.append(self._mark("finish", "End"))
        return Graph(tuple(items), tuple(self._edges), tuple(self._notes()))

    def _notes(self) -> Iterator[str]:
        """Yield the problems of a definition with errors."""
        if self._shown.faults is not None and self._shown.summary is not None:
            yield self._shown.summary.line
            for text, name in self._shown.summary.rows:
                yield f"{captions.shown_name(name)}: {text}" if name else text

    def _scope(self, machines: Iterable[StateMachine], entry: str, leave: str) -> tuple[Item, ...]:
        """Return the states of machines that all start at the mark ``entry`` and end at ``leave``."""
        return tuple(item for machine in machines for item in self._states(machine, entry, leave))

    def _states(self, machine: StateMachine, entry: str, leave: str) -> Iterator[Item]:
        removed = self._shown.removed.get(machine.pointer, {})
        states = {**machine.states, **removed}
        ids: dict[str | None, str] = {None: leave}
        ids |= {name: f"s{number}" for number, name in enumerate(states, self._numbered + 1)}
        self._numbered += len(states)
        starts = (name for name in removed if NamedTransition(None, name) in self._shown.edges)
        for start in (machine.start_at, *starts):
            self._edge(NamedTransition(None, start), entry, ids)
        for name, state in states.items():
            self._leave(state, ids)
            yield self._item(state, ids[name])
        yield from self._ghosts.pop(leave, ())

    def _leave(self, state: State, ids: dict[str | None, str]) -> None:
        """Add the outgoing edges of a state, including those from before a change."""
        found = captions.shown_transitions(state)
        found |= {
            key: [*texts] for key, texts in self._shown.former.get(state.name, {}).items() if key not in found
        }
        numbers = captions.numbers(state)
        written = labels(found, numbers)
        runs = {} if self._shown.edges else self._shown.transitions
        often = bool(runs) and sum(runs.get(NamedTransition(state.name, *key), 0) for key in found) > 1
        for key, texts in found.items():
            hints = numbered(texts, numbers.get(key, ())) if state.type == "Choice" else texts
            transition = NamedTransition(state.name, *key)
            self._edge(transition, ids[state.name], ids, written[key], hints, often)

    def _edge(
        self,
        transition: NamedTransition,
        tail: str,
        heads: dict[str | None, str],
        label: tuple[str, ...] = (),
        texts: Sequence[str] = (),
        often: bool = False,
    ) -> None:
        if transition.target not in heads:
            if self._shown.edges:
                return  # from a removed state to one that is now in another machine
            if self._shown.faults is None:
                message = f'there is no state "{transition.target}" for "{transition.source}" to lead to'
                raise RenderError(message)
            heads[transition.target] = self._ghost(transition.target or "", heads[None])
        head = heads[transition.target]
        taken = self._taken(transition)
        if taken != 0:
            self._touched.update((tail, head))
        status = "wrong" if "_ghost_" in head else self._status(transition, taken)
        label += captions.tally(status, taken, often)
        tooltip = captions.hint(transition, self._shown.notes.get(transition, texts))
        self._edges.append(Edge(tail, head, transition, label, tooltip, taken, status))

    def _status(self, transition: NamedTransition, taken: int | None) -> DrawnStatus | None:
        if transition in self._shown.failure:
            return "failed"
        return "same" if self._shown.failure and taken else self._shown.edges.get(transition)

    def _ghost(self, name: str, leave: str) -> str:
        """Add a node for a state that does not exist, and return its id."""
        beside = self._ghosts.setdefault(leave, [])
        number = f"{leave}_ghost_{len(beside) + 1}"
        title = captions.shown_name(name) if name else "(no target)"
        beside.append(Node(number, "Ghost", title, "does not exist here"))
        return number

    def _taken(self, transition: NamedTransition) -> int | None:
        name = transition.target if transition.source is None else transition.source
        if name not in self._shown.statuses:
            return None
        return self._shown.transitions.get(transition, None if self._shown.edges else 0)

    def _item(self, state: State, number: str) -> Item:
        node = self._node(state, number)
        if not state.machines:
            return node
        entry, leave = f"{number}_in", f"{number}_out"
        items = self._scope(state.machines, entry, leave)
        return Cluster(node, self._mark(entry, "Entry"), items, self._mark(leave, "Exit"))

    def _node(self, state: State, number: str) -> Node:
        shown = self._shown
        status, iterations = shown.statuses.get(state.name), shown.iterations.get(state.name)
        notes = shown.notes.get(state.name, ())
        faults = (shown.faults or {}).get(state.pointer, ())
        warnings = shown.warnings.get(state.pointer, ())
        if faults or warnings:
            status, notes = "wrong" if faults else "warned", [*faults, *warnings]
        return Node(
            number,
            cast(NodeKind, state.type or "Pass"),
            captions.title(state),
            captions.detail(state),
            captions.flaws(faults) or captions.badge(state, shown.retries.get(state.name, 0), iterations),
            captions.tooltip(state, status, iterations, notes),
            status,
            state,
        )

    def _mark(self, number: str, kind: NodeKind) -> Node:
        missed = bool(self._shown.statuses) and number not in self._touched
        return Node(number, kind, kind, status="unreached" if missed else None)
