"""Opening the store of a folder, and holding the folder for a server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from asltool.errors import StoreError
from asltool.integrations.folder_lock import FolderLock
from asltool.store.sqlite import SqliteStore

__all__ = ["Held", "open_store"]

_FILE = "asltool.db"
_HOLDER = "server"


def open_store(
    folder: str | os.PathLike[str] | None, *, sync: Literal["normal", "full"] = "normal"
) -> SqliteStore:
    """Open the store in this folder, which is made if it does not exist; None: a store in memory.

    Raises:
        StoreError: it cannot be used.
    """
    if folder is None:
        return SqliteStore(synchronous=sync)
    path = Path(folder) / _FILE
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreError(path, f"cannot be opened: {(problem.strerror or str(problem)).lower()}") from problem
    return SqliteStore(str(path), synchronous=sync)


class Held:
    """Holds a folder for the server at ``address``, until `release` or the end of the process.

    Raises:
        StoreError: another server holds it; the message has its process and its address.
    """

    def __init__(self, folder: str | os.PathLike[str], address: str) -> None:
        self._holder = Path(folder) / _HOLDER
        self._holder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._lock = FolderLock(self._holder.parent)
        except BlockingIOError as problem:
            raise StoreError(
                folder, f"is used by {self._other()}. stop it, or pass another folder"
            ) from problem
        self._holder.write_text(f"process {os.getpid()} at {address}", encoding="utf-8")

    def release(self) -> None:
        """Let go of the folder."""
        self._holder.unlink(missing_ok=True)
        self._lock.release()

    def _other(self) -> str:
        try:
            return f"another server, {self._holder.read_text(encoding='utf-8')}"
        except OSError:
            return "another server"
