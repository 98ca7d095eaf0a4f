"""A folder that only one process at a time uses."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["FolderLock"]

if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class FolderLock:
    """Locks a folder by its file ``lock``. The operating system releases the lock when this process ends.

    The folder is created if it does not exist, and removed by `release` if nothing else is in it.

    Raises:
        BlockingIOError: another process has locked it.
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        while True:
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # the process that held the lock has just removed the folder
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
                if self._hold():
                    return

    def release(self) -> None:
        """Release the folder."""
        if sys.platform == "win32":
            os.close(self._file)
            self._remove()
        else:
            self._remove()
            os.close(self._file)

    def _hold(self) -> bool:
        """Lock the file; return whether the path still leads to it."""
        try:
            _take(self._file)
            if os.path.samestat(os.fstat(self._file), self._path.stat()):
                return True
        except PermissionError as problem:  # the error on Windows
            os.close(self._file)
            raise BlockingIOError(*problem.args) from problem
        except OSError:
            os.close(self._file)
            raise
        os.close(self._file)
        return False

    def _remove(self) -> None:
        with suppress(OSError):
            self._path.unlink()
            self._path.parent.rmdir()
