"""Convert SQLite's exceptions to errors that say what to do."""

from __future__ import annotations

import os
import sqlite3
import struct
import zlib
from collections.abc import Callable
from typing import TypeVar

from asltool.errors import StoreError

__all__ = ["REMOVED", "explained", "identity_of", "made"]

_T = TypeVar("_T")
_V = TypeVar("_V")

_DAMAGED = "is damaged. restore it from a copy, or use another folder"

REMOVED = "was removed or replaced. changes since the last commit are lost"

_REASONS = (
    (("malformed", "not a database"), _DAMAGED),
    (("disk is full",), "cannot be written: the disk is full. nothing since the last commit is kept"),
    (
        ("disk I/O error",),
        "cannot be read or written: the disk reports an error, or the file would be larger than files may be "
        "here. nothing since the last commit is kept",
    ),
    (("locked",), "is locked by another program. close that, and try again"),
    (("readonly",), "cannot be written: it is read-only"),
    (("unable to open",), "cannot be opened. check that the folder exists and that you may write to it"),
)


def explained(path: str, problem: sqlite3.Error) -> StoreError:
    """Return the error for an exception of SQLite."""
    said = str(problem)
    for marks, reason in _REASONS:
        if any(mark in said for mark in marks):
            return StoreError(path, reason)
    return StoreError(path, f"cannot be used: {said}")


def made(path: str, make: Callable[[_V], _T], value: _V) -> _T:
    """Convert a value from the database.

    Raises:
        StoreError: the value is damaged.
    """
    try:
        return make(value)
    except (TypeError, ValueError, struct.error, zlib.error) as problem:
        raise StoreError(path, _DAMAGED) from problem


def identity_of(path: str) -> tuple[int, int] | None:
    """Return the identity of a file; a later file at its path has another. None if there is no file.

    SQLite continues to use a removed file, so commits would be lost.
    """
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
