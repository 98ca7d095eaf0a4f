"""A run as page data, event by event; it can be extended while the run continues."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

from asltool.diagrams import captions
from asltool.diagrams.highlight import DrawnStatus, NamedTransition
from asltool.diagrams.page.shared_values import Values
from asltool.history.event_types import type_of
from asltool.history.shape import details_of
from asltool.history.story import Story
from asltool.history.timestamps import seconds_of
from asltool.history.visits import Iterations, Visit
from asltool.syntax.causes import cause_lines

__all__ = ["NOTHING", "NUMBERS", "STATUSES", "RunContent"]

NOTHING: Final = -1
"""Stands for a number where there is none."""

STATUSES: Final[Mapping[DrawnStatus | Literal["stopped"], tuple[str, str]]] = {
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
    "warned": ("warn", "!"),
}
"""The tone of a status, and the mark that tells it without colour."""

NUMBERS: Final = {status: number for number, status in enumerate(STATUSES)}


class RunContent:
    """The content of a run: lists that only grow, and rows of visits, which change until the visit ends.

    ``lists`` has the lists by name; a caller may add some before the first mark. ``values`` are the values
    that all of them refer to.

    Args:
        states: the number of each state by its name.
        edges: the number of each edge.
        children: lines that say why child executions failed, by the name of their Map.
    """

    def __init__(
        self,
        story: Story,
        values: Values,
        states: Mapping[str, int],
        edges: Mapping[NamedTransition, int],
        children: Mapping[str, Sequence[str]],
    ) -> None:
        self.story = story
        self.values = values
        self.lists: dict[str, list[Any]] = {
            name: [] for name in ("kinds", "types", "moments", "owners", "fates", "steps", "notes")
        }
        self._states = states
        self._edges = edges
        self._children = children
        self._rows: list[list[Any]] = []
        self._numbers: dict[int, int] = {}
        self._changed: dict[int, int] = {}
        """Under which mark the row of a visit was written last, the latest at the end."""
        self._marks: list[dict[str, int]] = []
        self._kinds: dict[str, int] = {}
        self._began, self._last, self._timed = "", 0, True
        self._failed_at: dict[int, int] = {}
        self._failed_iterations: dict[int, list[tuple[int, int]]] = {}
        self._retries: Counter[str] = Counter()
        self._iterations: dict[str, Iterations] = {}
        self._fates = self._transitions = 0
        self._head: dict[str, Any] = {}
        self.extend()

    @property
    def mark(self) -> int:
        """The number of the newest mark; see `since`."""
        return len(self._marks) - 1

    def whole(self) -> dict[str, Any]:
        """Return the whole run."""
        return {**self._head, **{name: [*rows] for name, rows in self.lists.items()}, "visits": [*self._rows]}

    def since(self, mark: int) -> dict[str, Any]:
        """Return the data added after a mark, ``visits`` by their numbers, and the values that it uses.

        Raises:
            LookupError: there is no such mark.
        """
        at = self._marks[mark]
        grown = {name: rows[at[name] :] for name, rows in self._growing().items()}
        visits: dict[int, list[Any]] = {}
        for number, changed in reversed(self._changed.items()):
            if changed <= mark:
                break
            visits[number] = self._rows[number]
        return {**self._head, **grown, "visits": visits}

    def number_of(self, visit: Visit) -> int:
        """Return the index of a visit's row."""
        return self._numbers[id(visit)]

    def set_mark(self) -> None:
        """Add a mark for the current data."""
        self._marks.append({name: len(rows) for name, rows in self._growing().items()})

    def extend(self) -> None:
        """Read the new events of the story. Set a mark before sending them."""
        begin = len(self.lists["types"])
        touched: dict[int, Visit] = {}
        for position in range(begin, len(self.story.events)):
            self._event(position, touched)
        self._time(self.story.events[begin:])
        self._add_fates()
        for position, transition in self.story.transitions[self._transitions :]:
            if transition in self._edges:
                self.lists["steps"] += (position, self._edges[transition])
        self._transitions = len(self.story.transitions)
        for visit in touched.values():
            number = self._numbers[id(visit)]
            self._rows[number] = self._visit(visit)
            self._changed.pop(number, None)
            self._changed[number] = len(self._marks)
        self._head = {"began": self._began, "ended": self.story.ended, "end": self._end()}

    def _growing(self) -> dict[str, Any]:
        return {**self.lists, "values": self.values.rows, "keys": self.values.keys}

    def _event(self, position: int, touched: dict[int, Visit]) -> None:
        story, lists = self.story, self.lists
        event, owner = story.events[position], story.owners[position]
        while len(self._rows) < len(story.visits) and story.visits[len(self._rows)].entered <= position:
            self._numbers[id(story.visits[len(self._rows)])] = len(self._rows)
            self._rows.append([])
        if event["type"] not in self._kinds:
            self._kinds[event["type"]] = len(self._kinds)
            lists["kinds"].append(event["type"])
        lists["types"].append(self._kinds[event["type"]])
        lists["owners"].append(NOTHING if owner is None else self._numbers[id(owner)])
        # An event may also change the previous visit, if it shows that this one failed.
        for visit in (owner, story.owner_of(event.get("previousEventId", 0))):
            if visit is not None:
                touched[id(visit)] = visit
        if owner is not None:
            self._note(position, event, owner)

    def _note(self, position: int, event: Mapping[str, Any], owner: Visit) -> None:
        """Record the changes of a state's badge, and the failed iterations of a Map."""
        name = owner.state.name
        ended = self._iterations.setdefault(name, Iterations())
        row, index = type_of(event["type"]), details_of(event).get("index", 0)
        attempt = bisect_left(owner.attempts, position, key=lambda each: each.began)
        if 0 < attempt < len(owner.attempts) and owner.attempts[attempt].began == position:
            self._retries[name] += 1
        elif row.subject == "iteration" and row.phase == "succeeded":
            ended.succeeded.append(index)
        elif row.subject == "iteration" and row.phase == "failed":
            ended.failed.append(index)
            self._failed_iterations.setdefault(id(owner), []).append((index, position))
        else:
            return
        badge = captions.badge(owner.state, self._retries[name], ended)
        self.lists["notes"] += (position, self._states[name], badge)

    def _time(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Add the milliseconds between events; none are added if an event has no timestamp."""
        for event in events:
            stamp = event.get("timestamp")
            if stamp is None or not self._timed:
                self._timed, self._began = False, ""
                self.lists["moments"].clear()
                return
            seconds = seconds_of(stamp)
            now = round(seconds * 1000)
            if not self.lists["moments"]:
                self._began = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
                self._last = now
            self.lists["moments"].append(now - self._last)
            self._last = now

    def _add_fates(self) -> None:
        """Add the status changes of states; states that run when the execution ends are stopped."""
        story, fates = self.story, self.lists["fates"]
        for position, (visit, fate) in story.fates[self._fates :]:
            if fate in ("failed", "caught"):
                self._failed_at[id(visit)] = position
            fates += (position, self._states[visit.state.name], NUMBERS[fate])
        self._fates = len(story.fates)
        if story.ended:
            last = {visit.state.name: fate for _, (visit, fate) in story.fates}
            for name, fate in last.items():
                if fate == "unfinished":
                    fates += (len(story.events) - 1, self._states[name], NUMBERS["stopped"])

    def _end(self) -> dict[str, Any]:
        """Return the result of the execution: its status, input, output, error and cause."""
        story = self.story
        first, last = (details_of(story.events[place]) if story.events else {} for place in (0, -1))
        status = story.events[-1]["type"].removeprefix("Execution") if story.ended else "Running"
        return {
            "status": {"TimedOut": "Timed out"}.get(status, status),
            "input": self._text(first.get("input")),
            "output": self._text(last.get("output") if story.ended else None),
            "error": last.get("error", "") if story.ended else "",
            "cause": _readable(last.get("cause", ""), self._last_children()) if story.ended else "",
        }

    def _last_children(self) -> Sequence[str]:
        """Return why children failed, for the Map in which the execution failed."""
        failed = next((visit for visit in reversed(self.story.visits) if visit.fate == "failed"), None)
        return () if failed is None else self._children.get(failed.state.name, ())

    def _visit(self, visit: Visit) -> list[Any]:
        return [
            self._states[visit.state.name],
            visit.entered,
            NOTHING if visit.left is None else visit.left,
            NOTHING if visit.around is None else self._numbers[id(visit.around)],
            NOTHING if visit.iteration is None else visit.iteration,
            NUMBERS[visit.fate],
            self._text(visit.input),
            self._text(visit.output),
            self.values.object(visit.variables, map(self.values.read, visit.variables.values()))
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
            [*self._failed_iterations.get(id(visit), ())],
        ]

    def _text(self, text: str | None) -> int:
        return NOTHING if text is None else self.values.read(text)

    def _failure(self, error: str | None, cause: str | None, children: Sequence[str] = ()) -> int:
        if error is None and cause is None:
            return NOTHING
        return self.values.add([error or "", _readable(cause or "", children)])


def _readable(cause: str, children: Sequence[str]) -> str:
    """Return a cause with its lines and traceback, and why children failed."""
    return "\n".join([*cause_lines(cause), *children])
