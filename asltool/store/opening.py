"""Open the store of a folder, and lock the folder for a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from asltool.errors import StoreError
from asltool.integrations.folder_lock import FolderLock
from asltool.store.sqlite import SqliteStore

__all__ = ["DATABASE", "FolderHold", "open_store", "open_to_read"]

DATABASE = "asltool.db"
_HOLDER = "server"


def open_store(
    folder: str | os.PathLike[str] | None, *, sync: Literal["normal", "full"] = "normal"
) -> SqliteStore:
    """Open the store in this folder, which is created if it does not exist; None: a store in memory.

    Raises:
        StoreError: the store cannot be used.
    """
    if folder is None:
        return SqliteStore(synchronous=sync)
    path = Path(folder) / DATABASE
    with _in_words(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return SqliteStore(str(path), synchronous=sync)


def open_to_read(folder: str | os.PathLike[str]) -> SqliteStore:
    """Open a read-only snapshot of the store in this folder, which others may be writing to.

    Raises:
        StoreError: there is no store, or it cannot be used.
    """
    path = Path(folder) / DATABASE
    if not path.exists():
        raise StoreError(folder, f'has no executions: it has no file "{DATABASE}"')
    return SqliteStore(str(path), read_only=True)


@contextmanager
def _in_words(path: str | os.PathLike[str]) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise StoreError(path, f"cannot be opened: {(problem.strerror or str(problem)).lower()}") from problem


class FolderHold:
    """Locks a folder for the server at ``address``, until `release` or the end of the process.

    Raises:
        StoreError: another server uses the folder (the message has its process and address), or it cannot be
        locked.
    """

    def __init__(self, folder: str | os.PathLike[str], address: str) -> None:
        self._holder = Path(folder) / _HOLDER
        with _in_words(folder):
            self._holder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._lock = FolderLock(self._holder.parent)
            except BlockingIOError as problem:
                reason = f"is used by {self._other()}. stop it, or pass another folder"
                raise StoreError(folder, reason) from problem
            self._holder.write_text(f"process {os.getpid()} at {address}", encoding="utf-8")

    def release(self) -> None:
        """Unlock the folder."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _other(self) -> str:
        try:
            return f"another server, {self._holder.read_text(encoding='utf-8')}"
        except OSError:
            return "another server"
