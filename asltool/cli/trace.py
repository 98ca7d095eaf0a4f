"""What ``asltool run`` shows while a machine runs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from asltool.cli.data_shown import DataShown, Spot
from asltool.cli.progress import ProgressBar
from asltool.engine.effects import Effect, Sleep
from asltool.engine.execution import Execution
from asltool.history.event_types import EventType, type_of
from asltool.history.events import events
from asltool.history.records import Record, Records
from asltool.history.shape import details_of
from asltool.syntax.causes import first_line

__all__ = ["INDENT", "Trace", "line"]

INDENT = " " * 7
"""What stands before lines below a name."""

_COLOURS = {
    "data": "blue",
    "enter": "cyan",
    "leave": "green",
    "pause": "magenta",
    "error": "red",
    "retry": "yellow",
    "wait": "yellow",
}


class Trace:
    """Writes a line to stderr for each state entered and exited, and each failure, wait and retry.

    ``progress`` is cleared before each line. ``data``: whose lines are shown below.
    """

    def __init__(self, progress: ProgressBar, data: DataShown | None = None, *, skips: bool) -> None:
        self._progress = progress
        self._data = data
        self._skips = skips
        self._shown = 0
        self._at: Spot | None = None

    def __call__(self, execution: Execution, effects: Sequence[Effect]) -> None:
        self._progress.clear()
        records = execution.records
        shown = max(self._shown, records.before)
        for event, record in enumerate(records.after(self._shown), shown + 1):
            if self._data is None:
                _show_record(record)
            else:
                self._show_with_data(self._data, event, record)
        self._shown = len(records)
        if self._data is not None:
            self._data.follow(records)
            self._show_notes(self._data, self._shown + 1)
        for effect in effects:
            if isinstance(effect, Sleep):
                self._show_sleep(effect, effect.until - execution.now)

    def _show_with_data(self, data: DataShown, event: int, record: Record) -> None:
        self._show_notes(data, event)
        spot, row = data.spot(event, record), type_of(record[0])
        if row.phase in ("entered", "exited"):
            self._at = spot
        elif row.failed and row.subject == "work":
            self._show_place(spot)
        _show_record(record, spot.iteration)
        self._show_lines(spot, data.lines(spot, record))

    def _show_notes(self, data: DataShown, event: int) -> None:
        for spot, lines in data.notes(event):
            self._show_lines(spot, lines)

    def _show_lines(self, spot: Spot, lines: list[str]) -> None:
        if lines:
            self._show_place(spot)
        for each in lines:
            click.echo(f"{INDENT}{each}", err=True)

    def _show_place(self, spot: Spot) -> None:
        """Name the state that the next lines are about, if the last lines were about another one."""
        if self._at is None or self._at[:2] != spot[:2]:
            line("data", spot.name, spot.iteration)
            self._at = spot

    def _show_sleep(self, sleep: Sleep, seconds: float) -> None:
        what = f"{max(0.0, seconds):.4g} s" if seconds < 10_000 else f"{seconds / 3600:.1f} h"
        line(sleep.reason, sleep.state, f"{what}, skipped" if self._skips else what)


def _show_record(record: Record, more: str = "") -> None:
    row = type_of(record[0])
    if row.phase == "entered":
        line("enter", record[3][0], more)
    elif row.phase == "exited":
        line("leave", record[3][0], more)
    elif row.failed and row.subject != "execution":
        _show_failure(record, row)


def _show_failure(record: Record, row: EventType) -> None:
    """Show what failed and its error; a Parallel, a Map and an iteration have no error of their own."""
    (event,) = events(Records([record]))
    details = details_of(event)
    if "error" in details or "cause" in details:
        line("error", details.get("error", ""), first_line(details.get("cause", "")))
    elif row.subject == "iteration":
        line("error", f"iteration {details['index']} of {details['name']} failed")
    else:
        line("error", _said(row.name))


def _said(kind: str) -> str:
    """Return an event without details as text: ``ParallelStateFailed`` is "Parallel state failed"."""
    return (
        "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip().capitalize()
    )


def line(word: str, name: str, more: str = "") -> None:
    """Show a line about a state; ``word`` says what happens to it."""
    click.echo(
        f"{click.style(word.ljust(6), fg=_COLOURS[word])} {name}{f'  {more}' if more else ''}", err=True
    )
