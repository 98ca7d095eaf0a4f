"""The task calls in a history: the event that scheduled each call, and the events of its outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.errors import HistoryError
from asltool.expr.values import loads
from asltool.history.event_types import type_of
from asltool.history.shape import details_of
from asltool.syntax.wording import quoted

__all__ = ["Event", "HistoryCall", "calls", "payload"]

Event = Mapping[str, Any]

_OUTCOMES = ("submitted", "succeeded", "failed")
"""The phases that have an outcome. Work that timed out has none, so it times out again."""


@dataclass(slots=True)
class HistoryCall:
    """A call of a task: the event that ``scheduled`` it and the events of its outcomes, in order.

    ``attempt`` counts retries from 0.
    """

    state: str
    scheduled: Event
    attempt: int
    outcomes: list[Event] = field(default_factory=list)


def calls(events: Sequence[Event], path: str) -> list[HistoryCall]:
    """Return the calls in a history, in call order.

    Args:
        events: checked by `misshapen`. path: the history's name in messages.

    Raises:
        HistoryError: an event lacks the earlier event that it must follow.
    """
    return _CallReader(events, path).calls()


def payload(event: Event, path: str, *names: str) -> Any:
    """Return the value of the first of these fields that exists in the event's details.

    Raises:
        HistoryError: there is no value, it is truncated, or it is not JSON.
    """
    details, place = details_of(event), _place(event, path)
    for name in names:
        if details.get(f"{name}Details", {}).get("truncated"):
            raise HistoryError(f"{place} has a truncated {quoted(name)}, so it cannot be replayed")
        if name in details:
            try:
                return loads(details[name])
            except ValueError as problem:
                raise HistoryError(f"{quoted(name)} of {place} is not JSON: {problem}") from problem
    hint = "download it with --include-execution-data"
    raise HistoryError(f"{place} has no {quoted(names[-1])}. {hint}")


def _place(event: Event, path: str) -> str:
    return f"event {event['id']} of {path}"


def _is_scheduled(event: Event) -> bool:
    row = type_of(event["type"])
    return row.subject == "work" and row.phase == "scheduled"


def _is_outcome(event: Event) -> bool:
    row = type_of(event["type"])
    return row.subject == "work" and (row.phase in _OUTCOMES or row.name == "ActivityStarted")


class _CallReader:
    def __init__(self, events: Sequence[Event], path: str) -> None:
        self._events = {event["id"]: event for event in sorted(events, key=lambda event: event["id"])}
        self._path = path

    def calls(self) -> list[HistoryCall]:
        scheduled = filter(_is_scheduled, self._events.values())
        found = {event["id"]: self._call(event) for event in scheduled}
        for event in filter(_is_outcome, self._events.values()):
            before = next((before["id"] for before in self._before(event) if before["id"] in found), None)
            if before is None:
                place = _place(event, self._path)
                raise HistoryError(f"{place} belongs to a call that was not scheduled before it")
            found[before].outcomes.append(event)
        return list(found.values())

    def _before(self, event: Event) -> Iterator[Event]:
        """Yield the events that led to this one, the nearest first."""
        while (before := self._events.get(event.get("previousEventId", 0))) is not None:
            event = before
            yield event

    def _call(self, event: Event) -> HistoryCall:
        attempt = 0
        for before in self._before(event):
            if before["type"] == "TaskStateEntered":
                return HistoryCall(details_of(before)["name"], event, attempt)
            attempt += _is_scheduled(before)
        raise HistoryError(f"{_place(event, self._path)} has no TaskStateEntered before it")
