"""What a server writes to standard error: a line for each start and end, or every event as JSON."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from textwrap import indent
from typing import Literal, TextIO

from asltool.history.events import events
from asltool.history.timestamps import iso_time
from asltool.store.execution_log import ExecutionChange, Watcher
from asltool.store.port import ExecutionRow
from asltool.syntax.causes import first_line

__all__ = ["LogFormat", "log_to"]

LogFormat = Literal["text", "debug", "json", "none"]

_MOST_SEEN = 1000
"""How many causes are remembered that have been written in full."""


def log_to(stream: TextIO, form: LogFormat, clock: Callable[[], float] = time.time) -> list[Watcher]:
    """Start logging to a stream; return the watchers that log the events of executions.

    ``debug`` is ``text`` with a line for each request. ``none`` logs only internal errors. Warnings and
    errors that handlers log are written too, unless they have configured logging themselves.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_JsonMessage() if form == "json" else _TextMessage(clock))
    logging.basicConfig(handlers=[handler])
    levels = {"debug": logging.DEBUG, "none": logging.WARNING}
    logging.getLogger("asltool.server").setLevel(levels.get(form, logging.INFO))
    if form == "none":
        return []
    return [_JsonLines(stream) if form == "json" else _TextLines(stream, clock)]


class _JsonMessage(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        message = super().format(record)
        return json.dumps({"level": record.levelname, "logger": record.name, "message": message})


class _TextMessage(logging.Formatter):
    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock

    def format(self, record: logging.LogRecord) -> str:
        word = "request" if record.levelno == logging.DEBUG else record.levelname.lower()
        return _line(self._clock(), word, super().format(record))


class _JsonLines:
    """Writes every event in the format of GetExecutionHistory, with the ARN of its execution."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, changes: Sequence[ExecutionChange]) -> None:
        lines = [json.dumps(each) + "\n" for change in changes for each in _objects(change)]
        self._stream.write("".join(lines))
        self._stream.flush()


def _objects(change: ExecutionChange) -> Iterator[dict[str, object]]:
    row, records = change
    if not records:
        yield {"executionArn": row.arn, "blocked": row.blocked}
    for event in events(records):
        yield {"executionArn": row.arn, **event}


class _TextLines:
    """Writes the starts and ends of executions, and the failures of map run children."""

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self._stream = stream
        self._clock = clock
        self._seen: set[str] = set()

    def __call__(self, changes: Sequence[ExecutionChange]) -> None:
        now = self._clock()
        lines = [_line(now, *words) + "\n" for change in changes for words in self._words(change)]
        if lines:
            self._stream.write("".join(lines))
            self._stream.flush()

    def _words(self, change: ExecutionChange) -> Iterator[tuple[str, str]]:
        row, records = change
        name = row.arn.split(":", 6)[6]
        if not records:
            yield "blocked", f"{name}  {row.blocked}"
        elif row.map_run is None:
            if records.before == 0:
                yield "started", name
            elif any(kind == "ExecutionRedriven" for kind, *_ in records):
                yield "redriven", name
            if row.status == "SUCCEEDED":
                yield "succeeded", f"{name}  {_took(row)}"
        if row.status not in ("RUNNING", "SUCCEEDED"):
            yield row.status.replace("_", " ").lower(), f"{name}  {self._why(row)}"

    def _why(self, row: ExecutionRow) -> str:
        """Return error and cause. The cause for a missing handler is written in full the first time."""
        cause = row.cause or ""
        line = first_line(cause)
        if cause.startswith("no handler for ") and cause not in self._seen:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen.add(cause)
            line = indent(cause, "    ").strip()
        return ": ".join(each for each in (row.error, line) if each) or _took(row)


def _took(row: ExecutionRow) -> str:
    assert row.stopped is not None
    return f"{row.stopped - (row.redriven or row.started):.3f} s"


def _line(now: float, word: str, text: str) -> str:
    return f"{iso_time(now)} {word:<9} {text}"
