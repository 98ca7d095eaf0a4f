"""Records: the history in compact form, cheap to write, and converted to events only on request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

__all__ = ["FIELDS", "Record", "Records"]

Record = tuple[str, int, float, tuple[Any, ...]]
"""(type, previousEventId, seconds since the epoch, what the type's details are made of)"""

FIELDS = 6
"""How many places of the tape an event takes."""


class Records:
    """A list of `Record`; an event's id is its position, from 1.

    They are stored in one flat list, the ``tape``. With a tuple for each event, Python's garbage collector
    would become slower with every event, because it traverses all tuples again and again. The most frequent
    events, which enter or leave a state, are stored as type, previous id, time, name, value, variables; any
    other event has None as its name and its whole payload as its value. ``before`` is the number of events
    before the first one here.
    """

    __slots__ = ("before", "tape")

    def __init__(self, records: Iterable[Record] = (), before: int = 0) -> None:
        self.before = before
        self.tape: list[Any] = []
        for record in records:
            self.add(*record)

    def add(self, kind: str, previous: int, time: float, payload: tuple[Any, ...]) -> int:
        """Add an event and return its id."""
        self.tape += (kind, previous, time, None, payload, None)
        return len(self.tape) // FIELDS + self.before

    def __len__(self) -> int:
        return len(self.tape) // FIELDS + self.before

    def __iter__(self) -> Iterator[Record]:
        return self.after(0)

    def part(self, begin: int, end: int) -> Records:
        """Return the events from one position to before another, counted from 0."""
        part = Records(before=begin)
        part.tape = self.tape[(begin - self.before) * FIELDS : (end - self.before) * FIELDS]
        return part

    @property
    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The events as they are on the tape, six elements each."""
        return zip(*[iter(self.tape)] * FIELDS, strict=True)

    def after(self, event_id: int) -> Iterator[Record]:
        """Yield the events after this one."""
        rest = islice(self.tape, max(0, event_id - self.before) * FIELDS, None)
        for kind, previous, time, name, value, assigned in zip(*[rest] * FIELDS, strict=True):
            if name is None:
                payload = value
            else:
                payload = (name, value) if assigned is None else (name, value, assigned)
            yield kind, previous, time, payload
