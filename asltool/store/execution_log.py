"""The log of the executions that run: every step goes into the store, and one commit makes many durable.

Steps are noted in whatever thread an execution has its turn in. They go into the store when they are
committed, in the thread of the store.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from asltool.driver.log import Step
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.expr.values import dumps
from asltool.store.port import ExecutionRow, Store
from asltool.store.replay import encode

__all__ = ["ExecutionLog", "Followed", "ended"]


class Followed:
    """An execution that is followed: its ``row``, and how much of its tape has been noted.

    ``kept`` is False for one that is in no store.
    """

    __slots__ = ("execution", "kept", "row", "seen")

    def __init__(self, execution: Execution, row: ExecutionRow, *, kept: bool) -> None:
        self.execution = execution
        self.row = row
        self.kept = kept
        self.seen = len(execution.records.tape)


class ExecutionLog:
    """The driver's `Log`, in a store.

    Args:
        on_end: called once the end of an execution is durable.
        forgets: whether an execution is removed when it has ended.
    """

    def __init__(
        self,
        store: Store,
        on_end: Callable[[Followed], None] = lambda followed: None,
        *,
        forgets: Callable[[Execution], bool] = lambda execution: execution.identity.express,
    ) -> None:
        self._store = store
        self._on_end = on_end
        self._forgets = forgets
        self._followed: dict[Execution, Followed] = {}
        self._pending: deque[Callable[[], object]] = deque()
        self._ended: deque[Followed] = deque()

    def follow(self, execution: Execution, row: ExecutionRow, *, kept: bool = True) -> Followed:
        """Note the steps of this execution from now on."""
        followed = self._followed[execution] = Followed(execution, row, kept=kept)
        return followed

    def begin(self, execution: Execution, row: ExecutionRow) -> Followed:
        """Follow an execution that begins, in any thread."""
        followed = self.follow(execution, row)
        self._pending.append(partial(self._begin, followed))
        return followed

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        followed = self._followed.get(execution)
        if followed is None:
            return
        if followed.kept:
            tape = execution.records.tape
            stored = encode(step.dump()), encode(tape[followed.seen :])
            followed.seen = len(tape)
            self._pending.append(partial(self._step, followed, *stored))
        if execution.status != "RUNNING":
            del self._followed[execution]
            if followed.kept:
                self._pending.append(self._end_of(followed))
            self._ended.append(followed)

    def note_from(self, seen: int, execution: Execution, step: Step, effects: Sequence[Effect]) -> None:
        """Note a step that has added what the tape has after this place."""
        self._followed[execution].seen = seen
        self.note(execution, step, effects, execution)

    def drop(self, execution: Execution) -> Followed | None:
        """Follow an execution no longer."""
        return self._followed.pop(execution, None)

    def later(self, change: Callable[[], object]) -> None:
        """Have the store changed at the next commit."""
        self._pending.append(change)

    def commit(self) -> None:
        pending, ended = self._pending, len(self._ended)
        while pending:
            pending.popleft()()
        self._store.commit()
        for _ in range(ended):
            self._on_end(self._ended.popleft())

    def _begin(self, followed: Followed) -> None:
        followed.row = replace(followed.row, number=self._store.begin(followed.row))

    def _step(self, followed: Followed, call: bytes, records: bytes) -> None:
        self._store.step(followed.row.number, call, records)

    def _end_of(self, followed: Followed) -> Callable[[], object]:
        if self._forgets(followed.execution):
            return partial(self._forget, followed)
        return partial(self._end, followed, ended(followed.row, followed.execution))

    def _forget(self, followed: Followed) -> None:
        self._store.forget(followed.row.number)

    def _end(self, followed: Followed, row: ExecutionRow) -> None:
        self._store.end(replace(row, number=followed.row.number))


def ended(row: ExecutionRow, execution: Execution) -> ExecutionRow:
    """Return the row of an execution that has ended."""
    output = dumps(execution.output) if execution.status == "SUCCEEDED" else None
    error, cause = execution.error, execution.cause
    return replace(
        row, status=execution.status, stopped=execution.now, output=output, error=error, cause=cause
    )
