"""A folder that one process at a time works in."""

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
    """Holds a folder by its file ``lock``. The system lets go of it when this process ends, however it ends.

    The folder is made if it is not there, and is away again after `release` if nothing else is in it.

    Raises:
        BlockingIOError: another process holds it.
        OSError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        while True:
            folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # the process that held it took the folder away just now
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o666)
                if self._hold():
                    return

    def release(self) -> None:
        """Let go of the folder."""
        if sys.platform == "win32":
            os.close(self._file)
            self._remove()
        else:
            self._remove()
            os.close(self._file)

    def _hold(self) -> bool:
        """Lock the file; return whether it is still the one that others find."""
        try:
            _take(self._file)
            if os.path.samestat(os.fstat(self._file), self._path.stat()):
                return True
        except PermissionError as problem:  # so does Windows say it
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
