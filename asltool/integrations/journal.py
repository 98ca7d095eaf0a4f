"""The journal of a map run in progress: a line for each child execution that has ended.

A line has a checksum, see `asltool.integrations.sealed`. An incomplete last line, left by a killed process,
is dropped; any other damage is an error, since it is unknown what is missing.

Rows of a store would cost two to three times as much: 6.4 to 9.6 us a child against 2.8 to 3.1, with 200,000
and with 1,000,000 children; see ``tests/bench/map_journal.py``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from asltool.engine.map_io import ChildEnd, WrittenPart
from asltool.errors import DumpError, WriteError
from asltool.integrations.sealed import seal, unseal

__all__ = ["Journal", "Journals"]

_BLOCK = 64 * 1024
"""Bytes that may be buffered as long as everything since the last write could be repeated."""

_STATUSES = ("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")


@dataclass(frozen=True, slots=True)
class Journals:
    """Opens the journals of an execution's map runs in its folder."""

    folder: Path

    def __call__(self, map_run_arn: str, inputs: bool) -> Journal:
        return Journal(self.folder / map_run_arn.rpartition(":")[2], inputs=inputs)


class Journal:
    """The `MapJournal` in files ``STEM.PID.jsonl``: each process writes its own file and reads all of
    them."""

    def __init__(self, stem: Path, *, inputs: bool) -> None:
        self._stem = stem
        self._inputs = inputs
        self._lines: list[bytes] = []
        self._length = 0
        self._file: FileIO | None = None

    def ended(self) -> Iterator[ChildEnd | WrittenPart]:
        """Yield the entries of all processes, and truncate incomplete last lines.

        Raises:
            DumpError: a file is damaged.
        """
        for path in sorted(self._stem.parent.glob(f"{self._stem.name}.*.jsonl")):
            whole = 0
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if not line.endswith(b"\n"):
                        break
                    whole += len(line)
                    yield self._read(line, path, number)
            if path.stat().st_size > whole:
                os.truncate(path, whole)

    def note(self, child: ChildEnd | WrittenPart) -> None:
        if isinstance(child, WrittenPart):
            line = seal([child.children, child.file])
        else:
            line = seal(_fields(child, inputs=self._inputs))
        self._lines.append(line)
        self._length += len(line)
        if self._length > _BLOCK:
            self.flush()

    def flush(self) -> None:
        """Pass all lines to the operating system, so they survive if this process is killed.

        Raises:
            WriteError: they cannot be written. They are then discarded, and their children run again.
        """
        if not self._lines:
            return
        data = b"".join(self._lines)
        self._lines, self._length = [], 0
        path = f"{self._stem}.{os.getpid()}.jsonl"
        try:
            if self._file is None:
                self._stem.parent.mkdir(parents=True, exist_ok=True)
                self._file = FileIO(path, "ab")
            _write(self._file, data)
        except OSError as problem:
            raise WriteError(path, problem) from problem

    def close(self) -> None:
        try:
            self.flush()
        finally:
            if self._file is not None:
                self._file.close()

    def _read(self, line: bytes, path: Path, number: int) -> ChildEnd | WrittenPart:
        try:
            fields = unseal(line)
            if isinstance(fields, list) and len(fields) == 2:
                return _part(*fields)
            return _ended(fields, inputs=self._inputs)
        except (TypeError, ValueError) as problem:
            raise DumpError(
                f"{path} is damaged: {problem} in line {number}. "
                "delete that line to run its child execution again, or use another name"
            ) from problem


def _write(file: FileIO, data: bytes) -> None:
    """Append everything or nothing: a partial line followed by another could not be read."""
    end = file.seek(0, os.SEEK_END)
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[file.write(rest) :]
    except OSError:
        with suppress(OSError):
            file.truncate(end)
        raise


def _fields(child: ChildEnd, *, inputs: bool) -> list[Any]:
    return [
        *(child.index, child.items, child.status, child.started_at, child.stopped_at),
        *(child.redrive_count, child.error, child.cause, child.output),
        *((child.input,) if inputs else ()),
    ]


def _part(children: Any, file: Any) -> WrittenPart:
    if not all(type(count) is int and count >= 0 for child in children for count in child):
        raise ValueError("not a part of the results")
    return WrittenPart([(index, items) for index, items in children], file)


def _ended(fields: Any, *, inputs: bool) -> ChildEnd:
    if not isinstance(fields, list) or len(fields) != 9 + inputs:
        raise ValueError("not the end of a child execution")
    index, items, status, started_at, stopped_at, redrive_count, error, cause, output, *given = fields
    counts, moments = (index, items, redrive_count), (started_at, stopped_at)
    if (
        any(type(count) is not int or count < 0 for count in counts)
        or any(type(moment) not in (int, float) for moment in moments)
        or status not in _STATUSES
    ):
        raise ValueError("not the end of a child execution")
    return ChildEnd(
        index=index,
        items=items,
        status=status,
        started_at=started_at,
        stopped_at=stopped_at,
        redrive_count=redrive_count,
        error=error,
        cause=cause,
        output=output,
        input=given[0] if given else None,
    )
