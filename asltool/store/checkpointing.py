"""Moves committed changes from the write-ahead log into the database file, in a thread of its own.

By default, SQLite does so within a commit and then syncs the file, while everything else waits for the disk.

Source: https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from threading import Event, Thread

__all__ = ["Checkpointing"]

_SECONDS = 0.5
"""How long after one look at the log the next one is taken."""

_BYTES = 4 * 1024 * 1024
"""The size of a log that is worth moving: SQLite's own default."""

_MANY = 16
"""If the log is so many times as large, writers wait until it is empty and can be used from its start."""


class Checkpointing:
    """Does so for the database at ``path`` until it is closed. Its other connections must not do it."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._over = Event()
        self._thread = Thread(target=self._run, name="asltool-checkpoints", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        with suppress(sqlite3.Error), closing(sqlite3.connect(self._path, isolation_level=None)) as database:
            while not self._over.wait(_SECONDS):
                size = self._size()
                if size >= _BYTES:
                    kind = "PASSIVE" if size < _MANY * _BYTES else "RESTART"
                    # A failed checkpoint is retried; a commit reports problems of the file.
                    with suppress(sqlite3.Error):
                        database.execute(f"PRAGMA wal_checkpoint({kind})")

    def _size(self) -> int:
        try:
            return os.stat(f"{self._path}-wal").st_size
        except OSError:
            return 0
