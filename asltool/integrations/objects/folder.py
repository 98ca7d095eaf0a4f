"""A folder used in place of S3: a subfolder per bucket, with a file per object.

Slashes in a key become folders. Incomplete objects are in ``.uploads`` beside the buckets.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from asltool.errors import AslToolError, WriteError
from asltool.integrations.objects import StoredObject, refusal

__all__ = ["BUCKET", "Folder"]

BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""The names of buckets."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""The errors of a full disk and of an exhausted quota."""


class Folder:
    """Stores objects as files below ``root``. Bucket folders must be created beforehand, like buckets."""

    def __init__(self, root: str | Path) -> None:
        self._root = Path(root)

    def __reduce__(self) -> tuple[type[Folder], tuple[Path]]:
        """Another process may be in another folder."""
        return Folder, (self._root.absolute(),)

    def get(self, bucket: str, key: str, **options: str) -> BufferedReader:
        """Open the file. A folder stores only one version of an object, and does not check the owner.

        Raises:
            TaskFailed: the bucket, key or version does not exist, or the file is not readable.
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
            TaskFailed: the bucket does not exist, or a folder is not readable.
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
        """Start a file.

        Raises:
            TaskFailed: the bucket does not exist, the key is not possible as a file, or the folder is not
            writable.
        """
        path = self._file(bucket, key)
        name = hashlib.sha256(f"{bucket}/{key}".encode()).hexdigest()
        unfinished = self._root / ".uploads" / name
        try:
            unfinished.parent.mkdir(exist_ok=True)
            return _FileUpload(unfinished.open("wb"), unfinished, path)
        except OSError as problem:
            raise _unwritable(problem, unfinished) from problem

    def delete(self, bucket: str, key: str) -> None:
        """Remove the file, if it exists.

        Raises:
            TaskFailed: the bucket does not exist, or the folder is not writable.
        """
        path = self._path(bucket, key)
        try:
            if path is not None:
                path.unlink()
        except PermissionError as problem:
            raise refusal("AccessDenied") from problem
        except (OSError, ValueError):  # there is no such file
            return

    def stage(self, bucket: str, key: str, data: bytes) -> str:
        """Write a file beside the buckets; return its name. Raises as `put`."""
        self._file(bucket, key)
        staged = self._root / ".uploads" / uuid4().hex
        try:
            staged.parent.mkdir(exist_ok=True)
            try:
                staged.write_bytes(data)
            except FileNotFoundError:  # another process has just removed the empty folder
                staged.parent.mkdir(exist_ok=True)
                staged.write_bytes(data)
        except OSError as problem:
            raise _unwritable(problem, staged) from problem
        return staged.name

    def publish(self, bucket: str, key: str, staged: str) -> None:
        """Move a staged file into place, unless that has been done.

        Raises:
            TaskFailed: the folder is not writable, or the file was staged in another one.
        """
        path, unfinished = self._file(bucket, key), self._root / ".uploads" / staged
        if unfinished.exists() or not path.exists():
            _move(unfinished, path)

    def _file(self, bucket: str, key: str) -> Path:
        path = self._path(bucket, key)
        if path is None:
            raise refusal("InternalError", f'the key "{key}" cannot be a file name')
        return path

    def _bucket(self, bucket: str) -> Path:
        if not BUCKET.fullmatch(bucket):
            raise refusal("InvalidBucketName")
        path = self._root / bucket
        if not path.is_dir():
            raise refusal("NoSuchBucket")
        return path

    def _path(self, bucket: str, key: str) -> Path | None:
        """Return a key's file; None if the key is not possible as a file. It never leads out of its
        bucket."""
        folder = self._bucket(bucket)
        parts = key.split("/")
        if any(part in ("", ".", "..") or "\0" in part or os.sep in part for part in parts):
            return None
        path = folder.joinpath(*parts)
        return path if path.is_relative_to(folder) else None


class _FileUpload:
    """Writes beside the buckets, and moves the file into place when it is complete."""

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
        except OSError as problem:
            raise _unwritable(problem, self._path) from problem
        _move(self._unfinished, self._path)

    def __del__(self) -> None:
        # An interrupted run leaves its incomplete files behind; no warning is needed.
        with suppress(OSError):
            self._file.close()


def _move(unfinished: Path, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(path)
    except OSError as problem:
        raise _unwritable(problem, path) from problem
    with suppress(OSError):  # other objects are still being written
        unfinished.parent.rmdir()


def _walk(folder: Path, beginning: str, prefix: str) -> Iterator[tuple[str, Path]]:
    """Yield (key, file) below a folder for keys that begin with ``beginning``, sorted by key."""
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
    """Return the ETag that S3 gives to an object uploaded in one part."""
    with path.open("rb") as file:
        return f'"{hashlib.file_digest(file, "md5").hexdigest()}"'


def _unwritable(problem: OSError, path: Path) -> AslToolError:
    """Return the error for a file that cannot be written. S3 is never full, so a full disk stops the run."""
    if problem.errno in _FULL:
        return WriteError(path, problem)
    code = "AccessDenied" if isinstance(problem, PermissionError) else "InternalError"
    return refusal(code, problem.strerror)
