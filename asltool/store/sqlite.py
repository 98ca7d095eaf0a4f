"""The SQLite store: a file in WAL mode, or in memory.

Changes to executions are buffered until `SqliteStore.commit`, or until executions are read; documents do not
depend on them.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Unpack

from asltool.errors import StoreError
from asltool.store.checkpointing import Checkpointing
from asltool.store.definitions import hash_of, loaded
from asltool.store.executions import LISTED, PRUNED, UNUSED_DEFINITIONS, WHOLE, row_of, storable, where
from asltool.store.packing import unpack
from asltool.store.pending import NO_STEPS, PendingChanges
from asltool.store.port import ExecutionRow, Filters, LoggedStep, StoredDocument
from asltool.store.problems import REMOVED, explained, identity_of, made
from asltool.store.schema import open_database, open_to_read

__all__ = ["SqliteStore"]

_BLOCK = 256
"""How many numbers of executions are reserved at a time: other processes may write into the same file."""


class SqliteStore:
    """The `Store` in the file ``path``, or in memory.

    ``synchronous``: with ``normal``, commits survive a killed process, with ``full`` also a power cut.
    ``read_only``: the store shows a snapshot from when it was opened, and cannot be changed.

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
        self._waiting = PendingChanges()
        self._checkpointing: Checkpointing | None = None

    def checkpoint_in_thread(self) -> None:
        """Run work that would delay commits in a separate thread, at intervals, until the store is closed."""
        if self.folder is not None:
            self._execute("PRAGMA wal_autocheckpoint = 0")
            self._checkpointing = Checkpointing(self._path)

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
    ) -> list[StoredDocument]:
        wanted, values = where(kind=kind, owner=owner)
        if after is not None:
            wanted += f" AND number {'<' if newest_first else '>'} ?"
            values.append(after)
        order = "DESC" if newest_first else "ASC"
        found = self._read(
            f"SELECT number, key, body FROM documents {wanted} ORDER BY number {order} LIMIT ?",
            (*values, limit),
        )
        return [
            StoredDocument(number, key, made(self._path, json.loads, body)) for number, key, body in found
        ]

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
        self._waiting.begin(number, row)
        return number

    def step(self, number: int, call: bytes, records: bytes) -> None:
        self._waiting.step(number, call, records)

    def end(self, row: ExecutionRow) -> None:
        self._waiting.end(row, self.log)

    def reopen(self, number: int, redriven: float) -> None:
        self._flush()
        self._write(
            "UPDATE executions SET status = 'RUNNING', stopped = NULL, output = NULL, error = NULL, "
            "cause = NULL, redrives = redrives + 1, redriven = ? WHERE number = ?",
            (redriven, number),
        )

    def forget(self, number: int) -> None:
        if not self._waiting.forget(number):
            self._flush()
            self._write("DELETE FROM executions WHERE number = ?", (number,))
            self._write(NO_STEPS, (number,))

    def block(self, number: int, reason: str | None) -> None:
        self._flush()
        self._write("UPDATE executions SET blocked = ? WHERE number = ?", (reason, number))

    def prune(self, before: float) -> int:
        self._flush()
        self._write(
            f"DELETE FROM documents WHERE owner IN (SELECT arn FROM executions WHERE {PRUNED}) "
            f"AND owner NOT IN (SELECT arn FROM executions WHERE NOT ({PRUNED}))",
            {"before": before},
        )
        removed = self._write(f"DELETE FROM executions WHERE {PRUNED}", {"before": before})
        self._write(UNUSED_DEFINITIONS)
        return removed

    # Executions: reading.

    def execution(self, arn: str) -> ExecutionRow | None:
        if arn in self._waiting:
            self._flush()
        found = self._read(
            f"SELECT {WHOLE} FROM executions WHERE arn = ? ORDER BY number DESC LIMIT 1", (arn,)
        )
        return made(self._path, row_of, found[0]) if found else None

    def executions(
        self, *, after: int | None = None, limit: int = -1, whole: bool = False, **filters: Unpack[Filters]
    ) -> list[ExecutionRow]:
        self._flush()
        wanted, values = where(**filters, after=after)
        columns = WHOLE if whole else f"{LISTED}, '', NULL"
        found = self._read(
            f"SELECT {columns} FROM executions {wanted} ORDER BY number DESC LIMIT ?", (*values, limit)
        )
        return [made(self._path, row_of, each) for each in found]

    def tally(self) -> dict[str, dict[str, int]]:
        self._flush()
        found = self._read(
            "SELECT machine, status, count(*) FROM executions NOT INDEXED WHERE map_run IS NULL "
            "GROUP BY machine, status"
        )
        counts: dict[str, dict[str, int]] = {}
        for machine, status, count in found:
            counts.setdefault(machine, {})[status] = count
        return counts

    def running(self) -> list[ExecutionRow]:
        self._flush()
        found = self._read(f"SELECT {WHOLE} FROM executions WHERE status = 'RUNNING' ORDER BY number")
        return [made(self._path, row_of, each) for each in found]

    def log(self, number: int) -> Sequence[LoggedStep]:
        self._flush()
        packed = self._read("SELECT log FROM executions WHERE number = ?", (number,))
        later = self._read("SELECT call, records FROM steps WHERE number = ? ORDER BY step", (number,))
        before = made(self._path, unpack, packed[0][0]) if packed and packed[0][0] is not None else []
        return [*before, *(LoggedStep(call, records) for call, records in later)]

    # All.

    def clear(self) -> None:
        self._waiting.clear()
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
        if self._checkpointing is not None:
            self._checkpointing.close()
        self._database.close()

    # Inside.

    def _reserve(self) -> int:
        """Reserve the next numbers for this process, and return the first."""
        ((first,),) = self._read(
            "UPDATE numbers SET next = next + ? RETURNING next - ?", (_BLOCK, _BLOCK), writes=True
        )
        self._numbers = iter(range(first + 1, first + _BLOCK))
        return int(first)

    def _flush(self) -> None:
        """Write the buffered changes to the database."""
        for sql, rows in self._waiting.batches():
            self._write_many(sql, rows)

    def _read(self, sql: str, values: Sequence[Any] = (), *, writes: bool = False) -> list[tuple[Any, ...]]:
        if writes:
            self._begin_writing()
        return self._execute(sql, values).fetchall()

    def _write(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        """Execute a change, and return the number of rows."""
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
        """Discard uncommitted changes, and return the error.

        The next commit raises it again, because another caller, whose changes were discarded too, may make
        it.
        """
        error = explained(self._path, problem)
        if self._writing or self._waiting:
            self._given_up = error
        self._waiting.clear()
        self._writing = False
        if self._database.in_transaction:
            self._database.rollback()
        return error
