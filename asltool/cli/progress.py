"""The progress of a map run: one line on a terminal, redrawn in place."""

from __future__ import annotations

from collections.abc import Callable

import click

from asltool.engine.map_failures import child_failures
from asltool.engine.map_run import MapRun

__all__ = ["ProgressBar", "progress_line"]

_WIDTH = 24
_PAUSE = 0.1
"""Seconds between redraws."""


class ProgressBar:
    """Shows the progress of map runs. If the output is not a terminal, shows only how each ended.

    ``now`` returns real seconds from any fixed start.
    """

    def __init__(self, now: Callable[[], float], *, terminal: bool) -> None:
        self._now = now
        self._terminal = terminal
        self._begun: dict[str, tuple[float, int]] = {}
        self._shown_at = float("-inf")
        self._stands = False

    def __call__(self, run: MapRun) -> None:
        now, done = self._now(), _done(run)
        begun, before = self._begun.setdefault(run.arn, (now, done))
        ended = run.status != "RUNNING"
        if not ended and (not self._terminal or now - self._shown_at < _PAUSE):
            return
        self._shown_at = now
        passed = now - begun
        line = progress_line(run, (done - before) / passed if passed > 0 else None)
        self.clear()
        click.echo(line, err=True, nl=ended)
        self._stands = not ended
        if run.status == "FAILED":
            for failure in child_failures(run):
                click.echo(f"       {failure}", err=True)

    def clear(self) -> None:
        """Clear the line, so another can be printed."""
        if self._stands:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._stands = False


def progress_line(run: MapRun, rate: float | None) -> str:
    """Return the progress line of a map run; ``rate`` is in items per second."""
    counts, done = run.items, _done(run)
    total = counts.total if counts.pending or run.status != "RUNNING" else None
    parts = [f"{done:,} done" if total is None else f"{done:,} of {total:,}"]
    if counts.failed or counts.timed_out:
        parts.append(f"{counts.failed + counts.timed_out:,} failed")
    if run.status != "RUNNING":
        parts.append(run.status)
    elif counts.running:
        parts.append(f"{counts.running:,} running")
    if rate:
        parts.append(f"{rate:,.0f}/s")
        if total is not None and done < total:
            parts.append(f"{_clock((total - done) / rate)} left")
    bar = "" if total is None else f"{_bar(done, total)} "
    return f"{click.style('map   ', fg='cyan')} {run.state}  {bar}{', '.join(parts)}"


def _done(run: MapRun) -> int:
    counts = run.items
    return counts.succeeded + counts.failed + counts.timed_out + counts.aborted


def _bar(done: int, total: int) -> str:
    full = _WIDTH * done // total if total else _WIDTH
    return f"[{'#' * full}{'.' * (_WIDTH - full)}]"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
