"""What SQLite raises, in words that say what to do."""

from __future__ import annotations

import sqlite3

from asltool.errors import StoreError

__all__ = ["explained"]

_REASONS = (
    (("malformed", "not a database"), "is damaged. restore it from a copy, or use another folder"),
    (("disk is full",), "cannot be written: the disk is full. nothing since the last commit is kept"),
    (("locked",), "is locked by another program. close that, and try again"),
    (("readonly",), "cannot be written: it is read-only"),
    (("unable to open",), "cannot be opened. check that the folder exists and that you may write to it"),
)


def explained(path: str, problem: sqlite3.Error) -> StoreError:
    """Return the error for what SQLite has raised."""
    said = str(problem)
    for marks, reason in _REASONS:
        if any(mark in said for mark in marks):
            return StoreError(path, reason)
    return StoreError(path, f"cannot be used: {said}")
