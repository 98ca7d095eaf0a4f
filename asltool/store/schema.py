"""The tables of the database, and how its file is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from asltool.errors import StoreError

__all__ = ["open_database", "open_to_read"]

_VERSION = 1

_PATIENCE = 10.0
"""How many seconds to wait for a file that another process is writing to."""

# The columns of listings come before the long ones, which have pages of their own. Steps are stored in the
# order in which they came: each commit then writes few pages, however many executions run.
_TABLES = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, created REAL NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX documents_listed ON documents (kind, owner, number);
CREATE TABLE definitions (hash TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE executions (
    number INTEGER PRIMARY KEY,
    arn TEXT NOT NULL, machine TEXT NOT NULL, definition TEXT NOT NULL, started REAL NOT NULL,
    version TEXT, alias TEXT, map_run TEXT, status TEXT NOT NULL, stopped REAL, error TEXT,
    redrives INTEGER NOT NULL, redriven REAL, blocked TEXT,
    settings TEXT NOT NULL, cause TEXT, input TEXT NOT NULL, output TEXT, log BLOB
);
CREATE INDEX executions_arn ON executions (arn);
CREATE INDEX executions_machine ON executions (machine);
CREATE INDEX executions_version ON executions (version) WHERE version IS NOT NULL;
CREATE INDEX executions_alias ON executions (alias) WHERE alias IS NOT NULL;
CREATE INDEX executions_map_run ON executions (map_run) WHERE map_run IS NOT NULL;
CREATE INDEX executions_running ON executions (number) WHERE status = 'RUNNING';
CREATE TABLE steps (
    step INTEGER PRIMARY KEY, number INTEGER NOT NULL, call BLOB NOT NULL, records BLOB NOT NULL
);
CREATE INDEX steps_number ON steps (number);
CREATE TABLE numbers (next INTEGER NOT NULL);
INSERT INTO numbers VALUES (1);
"""


def open_database(path: str, *, synchronous: str) -> sqlite3.Connection:
    """Open the database, and create its tables if it is new.

    Raises:
        StoreError: a newer version of asltool created it. sqlite3.Error: the database cannot be used.
    """
    database = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, cached_statements=64)
    with _closed_if_refused(database):
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {synchronous}")
        database.execute("BEGIN IMMEDIATE")
        if _version(database, path) == 0:
            for statement in _TABLES.split(";"):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_VERSION}")
        database.execute("COMMIT")
    return database


def open_to_read(path: str) -> sqlite3.Connection:
    """Open a snapshot of a database that others may be writing to.

    Raises:
        StoreError: a newer version of asltool created it, or it is empty. sqlite3.Error: the database cannot
        be used.
    """
    address = f"{Path(path).absolute().as_uri()}?mode=ro"
    database = sqlite3.connect(address, timeout=_PATIENCE, isolation_level=None, uri=True)
    with _closed_if_refused(database):
        database.execute("BEGIN")
        if _version(database, path) == 0:
            raise StoreError(path, "has nothing in it. use another folder")
    return database


@contextmanager
def _closed_if_refused(database: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        database.close()
        raise


def _version(database: sqlite3.Connection, path: str) -> int:
    """Return the version of the tables; 0 if there are none."""
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    if version > _VERSION:
        raise StoreError(path, "was made by a newer version of asltool. use that one, or another folder")
    return version
