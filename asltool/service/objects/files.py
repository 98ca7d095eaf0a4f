"""The files of a folder used in place of S3, by their names: ``bucket/key``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from stat import S_ISREG
from typing import NamedTuple

from asltool.integrations.objects.folder import BUCKET

__all__ = ["Stamp", "files_below", "look_at", "read"]


class Stamp(NamedTuple):
    """Distinguishes versions of a file: its size in bytes, and its modification time in ns since 1970."""

    size: int
    changed: int

    @classmethod
    def of(cls, path: str | int) -> Stamp | None:
        """Return the stamp of a file; None if there is no such file."""
        try:
            found = os.stat(path)
        except (OSError, ValueError):
            return None
        return cls(found.st_size, found.st_mtime_ns) if S_ISREG(found.st_mode) else None


def files_below(root: str, name: str = "") -> dict[str, Stamp | None]:
    """Return the files in a folder, and below it. Links to folders are not followed.

    Raises:
        OSError: a folder cannot be read, so that it is not known what there is; or there is no ``root``.
    """
    found: dict[str, Stamp | None] = {}
    folders = [name]
    while folders:
        above = folders.pop()
        try:
            entries = list(os.scandir(os.path.join(root, above)))
        except (FileNotFoundError, NotADirectoryError):  # removed meanwhile
            if not above:
                raise
            continue
        for entry in entries:
            inside = f"{above}/{entry.name}" if above else entry.name
            if entry.is_dir(follow_symlinks=False):
                folders += [inside] if above or BUCKET.fullmatch(inside) else []
            elif above and _is_text(inside) and (stamp := Stamp.of(entry.path)) is not None:
                found[inside] = stamp
    return found


def look_at(root: str, paths: Iterable[str]) -> dict[str, Stamp | None]:
    """Return the files at these paths and below these folders; None for a path without a file."""
    found: dict[str, Stamp | None] = {}
    for path in paths:
        name = path[len(root) + 1 :].replace(os.sep, "/")
        bucket, _, key = name.partition("/")
        if not BUCKET.fullmatch(bucket) or not _is_text(name):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            found |= files_below(root, name)
        elif key or not os.path.exists(path):
            found[name] = Stamp.of(path)
    return found


def _is_text(name: str) -> bool:
    """Return whether a name can be an object's key, which is UTF-8."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read(root: str, names: Iterable[str]) -> dict[str, tuple[Stamp | None, str | None]]:
    """Return the stamp and the entity tag of each file; no tag if it is gone, or cannot be read."""
    return {name: _read(os.path.join(root, name)) for name in names}


def _read(path: str) -> tuple[Stamp | None, str | None]:
    try:
        with open(path, "rb") as file:
            stamp = Stamp.of(file.fileno())
            return stamp, hashlib.file_digest(file, "md5").hexdigest()
    except OSError:
        return Stamp.of(path), None
