"""The store in SQLite: a file in WAL mode, or memory.

Changes wait in memory until `SqliteStore.commit`, or until they are asked for. So an execution that begins
and ends within one commit is one row that is written once, with its whole log.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from asltool.errors import StoreError
from asltool.store.definitions import hash_of, loaded
from asltool.store.executions import ENDING, LISTED, PRUNED, WHOLE, NewExecution, row_of, storable, where
from asltool.store.packing import pack, unpack
from asltool.store.port import Document, ExecutionRow, Filters, Step
from asltool.store.problems import REMOVED, explained, identity_of, made
from asltool.store.schema import open_database, open_to_read

__all__ = ["SqliteStore"]

_INSERT = f"INSERT INTO executions ({WHOLE}, log) VALUES ({', '.join('?' * 19)})"
_STEP = "INSERT INTO steps (number, call, records) VALUES (?, ?, ?)"
_END = f"UPDATE executions SET {' = ?, '.join(ENDING)} = ? WHERE number = ?"
_NO_STEPS = "DELETE FROM steps WHERE number = ?"
_RECENT = 64
"""Steps of an execution that are also kept in memory, for the one piece that they become at its end."""
_BLOCK = 256
"""How many numbers of executions are reserved at a time: other processes may write into the same file."""


class SqliteStore:
    """The `Store` in the file ``path``, or in memory.

    ``synchronous``: ``normal`` survives a killed process, ``full`` a power cut too.
    ``read_only``: it shows what was committed when it was opened, and cannot be changed.

    Raises:
        StoreError: the file cannot be used.
    """

    def __init__(
        self, path: str | None = None, *, synchronous: str = "normal", read_only: bool = False
    ) -> None:
        self._path = path or ":memory:"
        self.folder = None if path is None else Path(path).parent
        try:
            if read_only:
                self._database = open_to_read(self._path)
            else:
                self._database = open_database(self._path, synchronous=synchronous)
        except sqlite3.Error as problem:
            raise explained(self._path, problem) from problem
        self._place = os.path.abspath(self._path)
        self._file = identity_of(self._place)
        self._writing = False
        self._given_up: StoreError | None = None
        self._numbers = iter(range(0))
        self._new: dict[int, NewExecution] = {}
        self._steps: list[tuple[int, bytes, bytes]] = []
        self._recent: dict[int, list[Step]] = {}
        self._ends: list[tuple[Any, ...]] = []

    # Documents.

    def put(
        self, kind: str, key: str, body: Mapping[str, Any], owner: str = "", created: float = 0.0
    ) -> None:
        self._write(
            "INSERT INTO documents (kind, key, owner, created, body) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, owner, created, json.dumps(body)),
        )

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        found = self._read("SELECT body FROM documents WHERE kind = ? AND key = ?", (kind, key))
        return made(self._path, json.loads, found[0][0]) if found else None

    def remove(self, kind: str, key: str) -> bool:
        return self._write("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key)) > 0

    def listed(
        self,
        kind: str,
        owner: str | None = None,
        *,
        after: int | None = None,
        limit: int = -1,
        newest_first: bool = False,
    ) -> list[Document]:
        wanted, values = where(kind=kind, owner=owner)
        if after is not None:
            wanted += f" AND number {'<' if newest_first else '>'} ?"
            values.append(after)
        order = "DESC" if newest_first else "ASC"
        found = self._read(
            f"SELECT number, key, body FROM documents {wanted} ORDER BY number {order} LIMIT ?",
            (*values, limit),
        )
        return [Document(number, key, made(self._path, json.loads, body)) for number, key, body in found]

    # Definitions.

    def put_definition(self, text: str) -> str:
        digest = hash_of(text)
        self._write("INSERT OR IGNORE INTO definitions VALUES (?, ?)", (digest, json.dumps(text)))
        return digest

    def definition(self, digest: str) -> str | None:
        found = self._read("SELECT hash, text FROM definitions WHERE hash = ?", (digest,))
        return made(self._path, loaded, found[0]) if found else None

    # Executions: writing.

    def begin(self, row: ExecutionRow) -> int:
        number = next(self._numbers, 0) or self._reserve()
        self._new[number] = NewExecution(row)
        return number

    def step(self, number: int, call: bytes, records: bytes) -> None:
        new = self._new.get(number)
        if new is not None:
            new.steps.append(Step(call, records))
            return
        self._steps.append((number, call, records))
        recent = self._recent.get(number)
        if recent is not None:
            recent.append(Step(call, records))
            if len(recent) > _RECENT:
                del self._recent[number]

    def end(self, row: ExecutionRow) -> None:
        number = row.number
        new = self._new.get(number)
        if new is not None:
            new.row, new.log = row, pack(new.steps)
            return
        recent = self._recent.pop(number, None)
        log = pack(self.log(number) if recent is None else recent)
        output, error, cause = map(storable, (row.output, row.error, row.cause))
        self._ends.append((row.status, row.stopped, output, error, cause, log, number))

    def reopen(self, number: int, redriven: float) -> None:
        self._write(
            "UPDATE executions SET status = 'RUNNING', stopped = NULL, output = NULL, error = NULL, "
            "cause = NULL, redrives = redrives + 1, redriven = ? WHERE number = ?",
            (redriven, number),
        )

    def forget(self, number: int) -> None:
        if self._new.pop(number, None) is None:
            self._write("DELETE FROM executions WHERE number = ?", (number,))
            self._forget_steps(number)

    def block(self, number: int, reason: str | None) -> None:
        self._write("UPDATE executions SET blocked = ? WHERE number = ?", (reason, number))

    def prune(self, before: float) -> int:
        self._write(
            f"DELETE FROM documents WHERE owner IN (SELECT arn FROM executions WHERE {PRUNED}) "
            f"AND owner NOT IN (SELECT arn FROM executions WHERE NOT ({PRUNED}))",
            {"before": before},
        )
        return self._write(f"DELETE FROM executions WHERE {PRUNED}", {"before": before})

    # Executions: reading.

    def execution(self, arn: str) -> ExecutionRow | None:
        found = self._read(
            f"SELECT {WHOLE} FROM executions WHERE arn = ? ORDER BY number DESC LIMIT 1", (arn,)
        )
        return made(self._path, row_of, found[0]) if found else None

    def executions(
        self, *, after: int | None = None, limit: int = -1, whole: bool = False, **filters: Unpack[Filters]
    ) -> list[ExecutionRow]:
        wanted, values = where(**filters, after=after)
        columns = WHOLE if whole else f"{LISTED}, '', NULL"
        found = self._read(
            f"SELECT {columns} FROM executions {wanted} ORDER BY number DESC LIMIT ?", (*values, limit)
        )
        return [made(self._path, row_of, each) for each in found]

    def tally(self) -> dict[str, dict[str, int]]:
        found = self._read(
            "SELECT machine, status, count(*) FROM executions NOT INDEXED WHERE map_run IS NULL "
            "GROUP BY machine, status"
        )
        counts: dict[str, dict[str, int]] = {}
        for machine, status, count in found:
            counts.setdefault(machine, {})[status] = count
        return counts

    def running(self) -> list[ExecutionRow]:
        found = self._read(f"SELECT {WHOLE} FROM executions WHERE status = 'RUNNING' ORDER BY number")
        return [made(self._path, row_of, each) for each in found]

    def log(self, number: int) -> Sequence[Step]:
        packed = self._read("SELECT log FROM executions WHERE number = ?", (number,))
        later = self._read("SELECT call, records FROM steps WHERE number = ? ORDER BY step", (number,))
        before = made(self._path, unpack, packed[0][0]) if packed and packed[0][0] is not None else []
        return [*before, *(Step(call, records) for call, records in later)]

    # All.

    def clear(self) -> None:
        self._drop()
        for table in ("documents", "definitions", "executions", "steps"):
            self._write(f"DELETE FROM {table}")

    def commit(self) -> None:
        problem, self._given_up = self._given_up, None
        if problem is not None:
            raise problem
        try:
            self._flush()
            if self._writing:
                if identity_of(self._place) != self._file:
                    raise StoreError(self._path, REMOVED)
                self._execute("COMMIT")
                self._writing = False
        except StoreError:
            self._given_up = None
            raise

    def close(self) -> None:
        self._database.close()

    # Inside.

    def _reserve(self) -> int:
        """Take the next numbers for this process, and return the first."""
        ((first,),) = self._read(
            "UPDATE numbers SET next = next + ? RETURNING next - ?", (_BLOCK, _BLOCK), writes=True
        )
        self._numbers = iter(range(first + 1, first + _BLOCK))
        return int(first)

    def _forget_steps(self, number: int) -> None:
        self._write(_NO_STEPS, (number,))
        self._recent.pop(number, None)

    def _flush(self) -> None:
        """Hand what waits in memory to the database."""
        if self._new:
            rows = [new.values(number) for number, new in self._new.items()]
            for number, new in self._new.items():
                if new.log is None:
                    self._recent[number] = new.steps
                    self._steps += [(number, *step) for step in new.steps]
            self._new.clear()
            self._write_many(_INSERT, rows)
        if self._steps:
            steps, self._steps = self._steps, []
            self._write_many(_STEP, steps)
        if self._ends:
            ends, self._ends = self._ends, []
            self._write_many(_END, ends)
            self._write_many(_NO_STEPS, [(number,) for *_, number in ends])

    def _drop(self) -> None:
        """Forget what waits in memory."""
        for each in (self._new, self._steps, self._ends, self._recent):
            each.clear()

    def _read(self, sql: str, values: Sequence[Any] = (), *, writes: bool = False) -> list[tuple[Any, ...]]:
        self._flush()
        if writes:
            self._begin_writing()
        return self._execute(sql, values).fetchall()

    def _write(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Change something, and return how many rows."""
        self._flush()
        self._begin_writing()
        return self._execute(sql, values).rowcount

    def _write_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        self._begin_writing()
        try:
            self._database.executemany(sql, rows)
        except sqlite3.Error as problem:
            raise self._failed(problem) from problem

    def _begin_writing(self) -> None:
        if not self._writing:
            self._execute("BEGIN IMMEDIATE")
            self._writing = True

    def _execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        try:
            try:
                return self._database.execute(sql, values)
            except UnicodeEncodeError:
                return self._database.execute(sql, [*map(storable, values)])
        except sqlite3.Error as problem:
            raise self._failed(problem) from problem

    def _failed(self, problem: sqlite3.Error) -> StoreError:
        """Give up what is not committed, and return the error for it.

        The next commit raises it again, for it may be that of another, whose changes were given up too.
        """
        error = explained(self._path, problem)
        if self._writing or self._new or self._steps or self._ends:
            self._given_up = error
        self._drop()
        self._writing = False
        if self._database.in_transaction:
            self._database.rollback()
        return error
