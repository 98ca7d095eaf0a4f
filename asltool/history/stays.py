"""A history as sequences of states: the stays of each branch and iteration, in order.

Unlike `asltool.history.story.Story`, it needs no definition, so that a run of an old definition can be
compared with a run of the current one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.history.event_types import EventType, type_of
from asltool.history.shape import details_of

__all__ = ["Nesting", "Stay", "Stays"]

Nesting = tuple[str | int, ...]
"""Which branches and iterations led to a state: the branch's first state, the iteration's index."""


@dataclass(slots=True)
class Stay:
    """One stay in a state: its input and output as JSON texts, and the inputs of its tasks.

    ``event`` is the id of the event with which the state was entered; ``around`` is the stay in the
    Parallel or Map state that contains this one.
    """

    state: str
    kind: str
    event: int
    place: Nesting
    around: Stay | None
    input: str | None
    output: str | None = None
    left: bool = False
    asked: list[str] = field(default_factory=list)


class Stays:
    """The stays of a history by their place, and how the execution ended.

    Args:
        events: checked by `misshapen`, ordered by id.

    ``status`` is the service's; ``error`` has the error and the cause, ``output`` is JSON text.
    """

    def __init__(self, events: Sequence[Mapping[str, Any]]) -> None:
        self.lines: dict[Nesting, list[Stay]] = {}
        self.status, self.error, self.output = "RUNNING", "", ""
        self._rows: dict[int, EventType] = {}
        self._stays: dict[int, Stay | None] = {}
        self._iterations: dict[int, int] = {}
        for event in events:
            self._read(event)

    @property
    def end(self) -> str:
        """The status, with the error where there is one."""
        return f"{self.status} {self.error}".rstrip()

    def _read(self, event: Mapping[str, Any]) -> None:
        number, previous, row = event["id"], event.get("previousEventId", 0), type_of(event["type"])
        details = details_of(event)
        stay = self._stays.get(previous)
        if row.phase == "entered":
            stay = self._enter(number, previous, row, details)
        elif row.phase == "exited":
            stay = _open(stay, name=details["name"])
            if stay is not None:
                stay.output, stay.left = details.get("output"), True
        elif row.subject in ("map", "parallel") or (row.subject, row.phase) == ("iteration", "started"):
            stay = _open(stay, kind=row.container or "")
            self._iterations[number] = details.get("index", 0)
        elif row.phase == "scheduled" and stay is not None:
            stay.asked.append(details.get("parameters", details.get("input", "null")))
        elif row.subject == "execution" and row.phase != "started":
            self._end(row, details)
        self._rows[number], self._stays[number] = row, stay

    def _enter(self, number: int, previous: int, row: EventType, details: Mapping[str, Any]) -> Stay:
        stay, name = self._stays.get(previous), details["name"]
        around, place = (None, ()) if stay is None else (stay.around, stay.place)
        before = self._rows.get(previous)
        if before is not None and before.phase == "started":
            if before.subject == "iteration":
                around, place = stay, (*place, self._iterations[previous])
            elif before.subject == "parallel":
                around, place = stay, (*place, name)
        kind = row.name.removesuffix("StateEntered")
        entered = Stay(name, kind, number, place, around, details.get("input"))
        self.lines.setdefault(place, []).append(entered)
        return entered

    def _end(self, row: EventType, details: Mapping[str, Any]) -> None:
        self.status = row.phase.replace(" ", "_").upper()
        self.error = ": ".join(filter(None, (details.get("error"), details.get("cause"))))
        self.output = details.get("output", "null")


def _open(stay: Stay | None, *, name: str = "", kind: str = "") -> Stay | None:
    """Return the innermost enclosing stay that has not ended and has this name or kind."""
    while stay is not None and (stay.left or (stay.state != name and stay.kind != kind)):
        stay = stay.around
    return stay
