"""A folder that stands for S3: one subfolder a bucket, and in it one file an object.

The slashes of a key are folders. What is being written lies in ``.uploads`` beside the buckets until it is
whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from asltool.errors import AslToolError, WriteError
from asltool.integrations.objects import StoredObject, refusal

__all__ = ["Folder"]

_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What a full disk says, or one of which a user may have no more."""


class Folder:
    """Keeps objects as files below ``root``. Bucket folders are made by hand, as buckets are."""

    def __init__(self, root: str | Path) -> None:
        self._root = Path(root)

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        """Open the file. A folder keeps one version of an object only, and asks for no owner.

        Raises:
            TaskFailed: there is no such bucket, key or version, or the file may not be read.
        """
        path = self._path(bucket, key)
        if path is None:
            raise refusal("NoSuchKey")
        if "VersionId" in options:
            raise refusal("NoSuchVersion")
        try:
            return path.open("rb")
        except PermissionError as problem:
            raise refusal("AccessDenied") from problem
        except (OSError, ValueError) as problem:
            raise refusal("NoSuchKey") from problem

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Walk the files below the prefix.

        Raises:
            TaskFailed: there is no such bucket, or a folder may not be read.
        """
        start, beginning = self._bucket(bucket), prefix.rpartition("/")[0]
        if beginning:
            inner = self._path(bucket, beginning)
            if inner is None or not inner.is_dir():
                return
            start, beginning = inner, beginning + "/"
        for key, path in _walk(start, beginning, prefix):
            about = path.stat()
            yield StoredObject(key, about.st_size, int(about.st_mtime), "STANDARD", partial(_etag, path))

    def put(self, bucket: str, key: str) -> _FileUpload:
        """Begin a file.

        Raises:
            TaskFailed: there is no such bucket, no file can have this key, or the folder cannot be written.
        """
        path = self._path(bucket, key)
        if path is None:
            raise refusal("InternalError", f'no file can stand for the key "{key}"')
        name = hashlib.sha256(f"{bucket}/{key}".encode()).hexdigest()
        unfinished = self._root / ".uploads" / name
        try:
            unfinished.parent.mkdir(exist_ok=True)
            return _FileUpload(unfinished.open("wb"), unfinished, path)
        except OSError as problem:
            raise _unwritable(problem, unfinished) from problem

    def _bucket(self, bucket: str) -> Path:
        if not _BUCKET.fullmatch(bucket):
            raise refusal("InvalidBucketName")
        path = self._root / bucket
        if not path.is_dir():
            raise refusal("NoSuchBucket")
        return path

    def _path(self, bucket: str, key: str) -> Path | None:
        """Return the file of a key, None where no file can stand for it. It never leads out of its bucket."""
        folder = self._bucket(bucket)
        parts = key.split("/")
        if any(part in ("", ".", "..") or "\0" in part or os.sep in part for part in parts):
            return None
        path = folder.joinpath(*parts)
        return path if path.is_relative_to(folder) else None


class _FileUpload:
    """Writes beside the buckets, and moves the file to its place once it is whole."""

    def __init__(self, file: BinaryIO, unfinished: Path, path: Path) -> None:
        self._file, self._unfinished, self._path = file, unfinished, path

    def write(self, data: bytes) -> None:
        try:
            self._file.write(data)
        except OSError as problem:
            raise _unwritable(problem, self._unfinished) from problem

    def commit(self) -> None:
        try:
            self._file.close()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._unfinished.replace(self._path)
        except OSError as problem:
            raise _unwritable(problem, self._path) from problem
        with suppress(OSError):  # others are still being written
            self._unfinished.parent.rmdir()

    def __del__(self) -> None:
        # A run that was broken off leaves its uploads as they are; that is no reason to warn.
        with suppress(OSError):
            self._file.close()


def _walk(folder: Path, beginning: str, prefix: str) -> Iterator[tuple[str, Path]]:
    """Yield (key, file) below a folder whose keys begin with ``beginning``, in the order of the keys."""
    try:
        entries = [(entry.name + "/" * entry.is_dir(), entry.path) for entry in os.scandir(folder)]
    except PermissionError as problem:
        raise refusal("AccessDenied") from problem
    for name, path in sorted(entries, key=_utf8):
        key = beginning + name
        if key.startswith(prefix):
            yield from _walk(Path(path), key, prefix) if key.endswith("/") else [(key, Path(path))]


def _utf8(entry: tuple[str, str]) -> bytes:
    return os.fsencode(entry[0])


def _etag(path: Path) -> str:
    """Return the tag that S3 gives an object put in one piece."""
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, "md5").hexdigest()}"'


def _unwritable(problem: OSError, path: Path) -> AslToolError:
    """Return what a file that cannot be written means; S3 is never full, so that breaks off the run."""
    if problem.errno in _FULL:
        return WriteError(path, problem)
    code = "AccessDenied" if isinstance(problem, PermissionError) else "InternalError"
    return refusal(code, problem.strerror)
