"""The data that ``asltool run -v`` shows: each state's input, the changes of each stage, and its output."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asltool.cli.folding import changes, folded, have_something_in_common, one_line
from asltool.engine.frame import Frame
from asltool.engine.frame_view import FrameView
from asltool.history.event_types import type_of
from asltool.history.records import Record, Records
from asltool.syntax.stages import Stage
from asltool.syntax.wording import spelled

__all__ = ["DataShown", "Spot", "input_lines", "value_lines"]

_INDENT = 7
_SELECTORS = ("Items", "ItemsPath", "ItemSelector")

MapIterations = tuple[tuple[str, int], ...]
"""The iterations around a state, outermost first: each Map's name and the iteration's index."""


class Spot(NamedTuple):
    """The place of an event: its state, iterations and variables."""

    name: str = ""
    place: MapIterations = ()
    variables: Mapping[str, Any] = {}

    @property
    def iteration(self) -> str:
        return "/".join(f"{name}[{index}]" for name, index in self.place)


class _StageNote(NamedTuple):
    """A stage that was evaluated after this number of events; the last event of its frame is ``previous``."""

    after: int
    previous: int
    state: str
    stage: str
    lines: list[str]


class DataShown:
    """Collects the results of stages for the lines to show for each event. ``width`` is in characters."""

    def __init__(self, width: int) -> None:
        self._width = max(20, width - _INDENT)
        self._records: Records | None = None
        self._notes: deque[_StageNote] = deque()
        self._spots: dict[int, Spot] = {}
        self._entered: dict[tuple[str, MapIterations], Spot] = {}
        self._seen: dict[tuple[int, str], tuple[int, Any]] = {}

    def note(self, frame: FrameView, stage: Stage, document: Any, value: Any) -> None:
        """Record the result of a stage: a `StageWatch`. The children of distributed Maps are left out."""
        if not isinstance(frame, Frame) or self._records not in (None, frame.shared.records):
            return
        name = _name(stage)
        key, known = (frame.number, name), (frame.entered_id, value)
        if self._seen.get(key) == known:
            return  # A Wait evaluates its input twice, a retry all of its fields.
        self._seen[key] = known
        lines = self._changes(frame, stage, document, value)
        self._notes.append(
            _StageNote(len(frame.shared.records), frame.previous, frame.state.name, name, lines)
        )

    def follow(self, records: Records) -> None:
        """Set the execution to show."""
        self._records = records

    def notes(self, event: int) -> Iterator[tuple[Spot, list[str]]]:
        """Yield the changes of the stages evaluated before this event: the place, and the lines."""
        while self._notes and self._notes[0].after < event:
            note = self._notes.popleft()
            if note.lines:
                before = self._spots.get(note.previous, Spot())
                place = before.place if before.name == note.state else _cut(before.place, note.state)
                yield Spot(note.state, place), _labelled(note.stage, note.lines, self._width)

    def spot(self, event: int, record: Record) -> Spot:
        """Return the place of an event."""
        spot = self._spots[event] = self._find(record)
        return spot

    def lines(self, spot: Spot, record: Record) -> list[str]:
        """Return the data of an event: the input of a state with its variables, a result, an output."""
        row, payload = type_of(record[0]), record[3]
        if row.phase == "entered":
            return input_lines(payload[1], spot.variables, self._width)
        if row.phase == "exited":
            return value_lines("output", payload[1], self._width)
        if row.subject == "work" and row.phase == "succeeded":
            return value_lines("result", payload[-1], self._width)
        return []

    def _changes(self, frame: Frame, stage: Stage, document: Any, value: Any) -> list[str]:
        width = self._width - 2
        if stage.action == "assign":
            before = {name: frame.variables[name] for name in value if name in frame.variables}
            return changes(before, value, width, prefix="$")
        if stage.action == "combine":
            document = frame.input
        elif stage.field == "Output":
            made_of = document.get("result", document.get("errorOutput", frame.input))
            document = made_of if have_something_in_common(made_of, value) else frame.input
        elif stage.field in _SELECTORS:
            document = None
        return changes(document, value, width)

    def _find(self, record: Record) -> Spot:
        kind, previous, _, payload = record
        row, before = type_of(kind), self._spots.get(previous, Spot())
        if row.subject != "iteration" and row.phase not in ("entered", "exited"):
            return before
        name = payload[0]
        place = _cut(before.place, name)
        if row.phase == "entered":
            spot = self._entered[name, place] = Spot(name, place, before.variables)
            return spot
        variables = self._entered.get((name, place), before).variables
        if row.phase == "exited":
            return Spot(name, place, {**variables, **(payload[2] if len(payload) > 2 else {})})
        return Spot(name, (*place, (name, payload[1])) if row.phase == "started" else place, variables)


def input_lines(value: Any, variables: Mapping[str, Any], width: int) -> list[str]:
    """Return a state's input, and its variables if there are any."""
    named = {f"${name}": each for name, each in variables.items()}
    return [*value_lines("input", value, width), *(value_lines("variables", named, width) if named else [])]


def value_lines(label: str, value: Any, width: int) -> list[str]:
    """Return a value with a label, folded if it does not fit on a line of this width."""
    line = one_line(value, width - len(label) - 2)
    lines = folded(value, width - 2) if line.endswith("…") else [line]
    return _labelled(label, lines, width)


def _cut(place: MapIterations, name: str) -> MapIterations:
    """Return the iterations around this Map; all of them if the state is not a Map around this place."""
    names = [each for each, _ in place]
    return place[: names.index(name)] if name in names else place


def _name(stage: Stage) -> str:
    """Return a stage's field, with its rule or Catcher."""
    pointer = stage.part.pointer
    return spelled(
        (*pointer[-2:], stage.field) if pointer and isinstance(pointer[-1], int) else (stage.field,)
    )


def _labelled(label: str, lines: list[str], width: int) -> list[str]:
    """Put a label before a single line, or above several lines."""
    if len(lines) == 1 and len(label) + 2 + len(lines[0]) <= width:
        return [f"{label}: {lines[0]}"]
    return [f"{label}:", *(f"  {line}" for line in lines)]
