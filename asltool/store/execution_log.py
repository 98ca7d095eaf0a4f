"""The log of running executions: every step goes into the store, and one commit makes many steps durable.

Steps are added in the thread that runs the execution's turn. They are written when they are committed, in the
thread of the store.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from asltool.driver.log import Step
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.expr.values import dumps
from asltool.history.records import FIELDS, Records
from asltool.store.encoding import encode
from asltool.store.port import ExecutionRow, Store
from asltool.store.replay import stop_blocked

__all__ = ["ExecutionChange", "ExecutionLog", "Followed", "Watcher", "Watchers"]

_messages = logging.getLogger("asltool.store")


class ExecutionChange(NamedTuple):
    """An execution after a step, and the event records that the step has added.

    There are no records if the execution has been blocked; its row has the reason.
    """

    row: ExecutionRow
    records: Records


Watcher = Callable[[Sequence[ExecutionChange]], None]
"""Called with the changes of a commit, in their order."""


@dataclass(slots=True)
class Watchers:
    """Functions that watch executions; they can be added and removed at any time.

    Those in ``before`` may add to the commit, those in ``after`` are called once it is durable. Their
    exceptions are logged and have no other effect.
    """

    before: list[Watcher] = field(default_factory=list)
    after: list[Watcher] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


class Followed:
    """A followed execution: its ``row``, and how much of its tape has been logged.

    ``kept`` is False for one that is not stored. ``ended`` is its row once it has ended.
    """

    __slots__ = ("ended", "execution", "kept", "row", "seen")

    def __init__(self, execution: Execution, row: ExecutionRow, *, kept: bool) -> None:
        self.execution = execution
        self.row = row
        self.kept = kept
        self.seen = len(execution.records.tape)
        self.ended: ExecutionRow | None = None


class ExecutionLog:
    """The driver's `Log`, in a store.

    Args:
        on_end: called once the end of an execution is durable.
        forgets: whether an execution is removed when it has ended.
        watchers: functions that watch executions.
    """

    def __init__(
        self,
        store: Store,
        on_end: Callable[[Followed], None] = lambda followed: None,
        *,
        forgets: Callable[[Execution], bool] = lambda execution: execution.identity.express,
        watchers: Watchers | None = None,
    ) -> None:
        self._store = store
        self._on_end = on_end
        self._forgets = forgets
        self._watchers = Watchers() if watchers is None else watchers
        self._changes: deque[ExecutionChange] = deque()
        self._followed: dict[Execution, Followed] = {}
        self._pending: deque[Callable[[], object]] = deque()
        self._ended: deque[Followed] = deque()

    def follow(self, execution: Execution, row: ExecutionRow, *, kept: bool = True) -> Followed:
        """Log the steps of this execution from now on."""
        followed = self._followed[execution] = Followed(execution, row, kept=kept)
        return followed

    def begin(self, execution: Execution, row: ExecutionRow) -> Followed:
        """Follow a new execution, in any thread."""
        followed = self.follow(execution, row)
        self._pending.append(partial(self._begin, followed))
        return followed

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        followed = self._followed.get(execution)
        if followed is None:
            return
        tape, seen = execution.records.tape, followed.seen
        followed.seen = len(tape)
        if followed.kept:
            stored = encode(step.dump()), encode(tape[seen:])
            self._pending.append(partial(self._step, followed, *stored))
        row = followed.row
        if execution.status != "RUNNING":
            row = followed.ended = _ended(row, execution)
            del self._followed[execution]
            if followed.kept:
                self._pending.append(self._end_of(followed, row))
            self._ended.append(followed)
        if self._watchers:
            before = execution.records.before
            added = execution.records.part(before + seen // FIELDS, before + len(tape) // FIELDS)
            self._changes.append(ExecutionChange(row, added))

    def note_from(self, seen: int, execution: Execution, step: Step, effects: Sequence[Effect]) -> None:
        """Log a step that added the records after this position of the tape."""
        self._followed[execution].seen = seen
        self.note(execution, step, effects, execution)

    def drop(self, execution: Execution) -> Followed | None:
        """Stop following an execution."""
        return self._followed.pop(execution, None)

    def block(self, row: ExecutionRow, reason: str) -> None:
        """Record why an execution cannot continue, in the store's thread."""
        self._store.block(row.number, reason)
        if self._watchers:
            self._changes.append(ExecutionChange(row._replace(blocked=reason), Records()))

    def stop_blocked(self, row: ExecutionRow, now: float, error: str | None, cause: str | None) -> float:
        """Abort an execution that cannot be replayed, in the store's thread; return the timestamp."""
        change = ExecutionChange(*stop_blocked(self._store, row, now, error, cause))
        if self._watchers:
            self._changes.append(change)
        return now

    def later(self, change: Callable[[], object]) -> None:
        """Change the store at the next commit."""
        self._pending.append(change)

    def commit(self) -> None:
        pending, ended, changed = self._pending, len(self._ended), len(self._changes)
        while pending:
            pending.popleft()()
        changes = [self._changes.popleft() for _ in range(changed)]
        if changes:
            _tell(self._watchers.before, changes)
        self._store.commit()
        if changes:
            _tell(self._watchers.after, changes)
        for _ in range(ended):
            self._on_end(self._ended.popleft())

    def _begin(self, followed: Followed) -> None:
        followed.row = followed.row._replace(number=self._store.begin(followed.row))

    def _step(self, followed: Followed, call: bytes, records: bytes) -> None:
        self._store.step(followed.row.number, call, records)

    def _end_of(self, followed: Followed, row: ExecutionRow) -> Callable[[], object]:
        if self._forgets(followed.execution):
            return partial(self._forget, followed)
        return partial(self._end, followed, row)

    def _forget(self, followed: Followed) -> None:
        self._store.forget(followed.row.number)

    def _end(self, followed: Followed, row: ExecutionRow) -> None:
        number = followed.row.number
        self._store.end(row if row.number == number else row._replace(number=number))


def _ended(row: ExecutionRow, execution: Execution) -> ExecutionRow:
    """Return the row of an execution that has ended."""
    output = dumps(execution.output) if execution.status == "SUCCEEDED" else None
    error, cause = execution.error, execution.cause
    return row._replace(
        status=execution.status, stopped=execution.now, output=output, error=error, cause=cause
    )


def _tell(watchers: Sequence[Watcher], changes: Sequence[ExecutionChange]) -> None:
    for watcher in list(watchers):
        try:
            watcher(changes)
        except Exception:
            _messages.exception("what watches the executions has failed")
