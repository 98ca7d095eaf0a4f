"""The changes that are buffered until the next commit.

An execution that starts and ends within one commit becomes a single row, written once with its whole log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from asltool.store.executions import ENDING, WHOLE, NewExecution, storable
from asltool.store.packing import pack
from asltool.store.port import ExecutionRow, LoggedStep

__all__ = ["NO_STEPS", "PendingChanges"]

NO_STEPS = "DELETE FROM steps WHERE number = ?"
"""Removes the steps of an execution."""

_INSERT = f"INSERT INTO executions ({WHOLE}, log) VALUES ({', '.join('?' * 19)})"
_STEP = "INSERT INTO steps (number, call, records) VALUES (?, ?, ?)"
_END = f"UPDATE executions SET {' = ?, '.join(ENDING)} = ? WHERE number = ?"
_RECENT = 64
"""How many steps of an execution stay in memory, to be stored as one piece at its end."""


class PendingChanges:
    """New executions, their steps, and their ends."""

    def __init__(self) -> None:
        self._new: dict[int, NewExecution] = {}
        self._steps: list[tuple[int, bytes, bytes]] = []
        self._recent: dict[int, list[LoggedStep]] = {}
        self._ends: list[tuple[Any, ...]] = []
        self._arns: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._new or self._steps or self._ends)

    def __contains__(self, arn: str) -> bool:
        """Whether the row of this execution in the database is not the latest."""
        return arn in self._arns

    def begin(self, number: int, row: ExecutionRow) -> None:
        """Add a new execution."""
        self._arns.add(row.arn)
        self._new[number] = NewExecution(row)

    def step(self, number: int, call: bytes, records: bytes) -> None:
        """Add a step."""
        new = self._new.get(number)
        if new is not None:
            new.steps.append(LoggedStep(call, records))
            return
        self._steps.append((number, call, records))
        recent = self._recent.get(number)
        if recent is not None:
            recent.append(LoggedStep(call, records))
            if len(recent) > _RECENT:
                del self._recent[number]

    def end(self, row: ExecutionRow, log: Callable[[int], Sequence[LoggedStep]]) -> None:
        """Record the end of an execution; ``log`` reads the steps that are not in memory."""
        number = row.number
        self._arns.add(row.arn)
        new = self._new.get(number)
        if new is not None:
            new.row, new.log = row, pack(new.steps)
            return
        recent = self._recent.pop(number, None)
        packed = pack(log(number) if recent is None else recent)
        output, error, cause = map(storable, (row.output, row.error, row.cause))
        self._ends.append((row.status, row.stopped, output, error, cause, packed, number))

    def forget(self, number: int) -> bool:
        """Forget an execution; return whether it was new, and so not in the database."""
        self._recent.pop(number, None)
        return self._new.pop(number, None) is not None

    def clear(self) -> None:
        """Forget everything."""
        for each in (self._new, self._steps, self._recent, self._ends, self._arns):
            each.clear()

    def batches(self) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
        """Take the buffered changes: statements with their rows, in order."""
        self._arns.clear()
        if self._new:
            new, self._new = self._new, {}
            for number, each in new.items():
                if each.log is None:
                    self._recent[number] = each.steps
                    self._steps += [(number, *step) for step in each.steps]
            yield _INSERT, [each.values(number) for number, each in new.items()]
        if self._steps:
            steps, self._steps = self._steps, []
            yield _STEP, steps
        if self._ends:
            ends, self._ends = self._ends, []
            yield _END, ends
            yield NO_STEPS, [(number,) for *_, number in ends]
