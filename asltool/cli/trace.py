"""What ``asltool run`` shows while a machine runs."""

from __future__ import annotations

from collections.abc import Sequence

import click

from asltool.cli.progress import Progress
from asltool.engine.effects import Effect, Sleep
from asltool.engine.execution import Execution
from asltool.engine.records import Record

__all__ = ["Trace"]

_COLOURS = {"enter": "cyan", "leave": "green", "error": "red", "retry": "yellow", "wait": "yellow"}


class Trace:
    """Writes a line to stderr for each state entered and left, each failed task, each wait and retry.

    ``progress`` makes room for it.
    """

    def __init__(self, progress: Progress, *, skips: bool) -> None:
        self._progress = progress
        self._skips = skips
        self._shown = 0

    def __call__(self, execution: Execution, effects: Sequence[Effect]) -> None:
        self._progress.clear()
        for record in execution.records.after(self._shown):
            _show_record(record)
        self._shown = len(execution.records)
        for effect in effects:
            if isinstance(effect, Sleep):
                self._show_sleep(effect, effect.until - execution.now)

    def _show_sleep(self, sleep: Sleep, seconds: float) -> None:
        what = f"{max(0.0, seconds):.4g} s" if seconds < 10_000 else f"{seconds / 3600:.1f} h"
        _line(sleep.reason, sleep.state, f"{what}, skipped" if self._skips else what)


def _show_record(record: Record) -> None:
    kind, _, _, payload = record
    if kind.endswith("StateEntered"):
        _line("enter", payload[0])
    elif kind.endswith("StateExited"):
        _line("leave", payload[0])
    elif kind.endswith(("Failed", "TimedOut")) and not kind.startswith("Execution"):
        error, cause = payload[-2:]
        _line("error", error or "", (cause or "").partition("\n")[0][:200])


def _line(word: str, name: str, more: str = "") -> None:
    click.echo(
        f"{click.style(word.ljust(6), fg=_COLOURS[word])} {name}{f'  {more}' if more else ''}", err=True
    )
