"""The files of a folder used in place of S3, by their names: ``bucket/key``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from stat import S_ISREG
from typing import NamedTuple

from asltool.integrations.objects.folder import BUCKET

__all__ = ["Stamp", "files_below", "is_in_bucket", "look_at", "read"]


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


def is_in_bucket(root: str | os.PathLike[str], path: str | os.PathLike[str]) -> bool:
    """Return whether a path is in one of the buckets of a folder."""
    below, above = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    return below != above and below.is_relative_to(above) and _is_bucket(below.relative_to(above).parts[0])


def files_below(root: str, name: str = "", skipped: set[str] | None = None) -> dict[str, Stamp | None]:
    """Return the files in a folder, and below it. Links to folders are not followed.

    Add to ``skipped`` what cannot be an object by its name, but for hidden files beside the buckets.

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
            is_folder = entry.is_dir(follow_symlinks=False)
            if not _is_text(inside) or not (above or (is_folder and _is_bucket(inside))):
                if skipped is not None and (above or not inside.startswith(".")):
                    skipped.add(inside)
            elif is_folder:
                folders.append(inside)
            elif (stamp := Stamp.of(entry.path)) is not None:
                found[inside] = stamp
    return found


def look_at(root: str, paths: Iterable[str]) -> dict[str, Stamp | None]:
    """Return the files at these paths and below these folders; None for a path without a file."""
    found: dict[str, Stamp | None] = {}
    for path in paths:
        name = path[len(root) + 1 :].replace(os.sep, "/")
        bucket, _, key = name.partition("/")
        if not _is_bucket(bucket) or not _is_text(name):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            found |= files_below(root, name)
        elif key or not os.path.exists(path):
            found[name] = Stamp.of(path)
    return found


def _is_bucket(name: str) -> bool:
    return BUCKET.fullmatch(name) is not None


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
