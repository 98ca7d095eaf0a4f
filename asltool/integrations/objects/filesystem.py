"""A folder on any file system of fsspec, used in place of S3: ``memory://``, ``gs://``, ``abfs://`` …

It has a subfolder per bucket, with a file per object. Incomplete objects are in ``.uploads`` beside the
buckets.

Source: https://filesystem-spec.readthedocs.io/en/latest/api.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO, cast
from uuid import uuid4

from asltool.errors import MissingExtra
from asltool.integrations.objects import StoredObject, refusal

try:
    import fsspec
except ImportError as problem:
    raise MissingExtra("a folder on another file system", "dask") from problem

__all__ = ["FileSystem"]


class FileSystem:
    """Stores objects below an address such as ``gs://company/buckets``. It can be pickled."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._fs, root = fsspec.url_to_fs(address)
        self._root = str(root).rstrip("/")

    def __reduce__(self) -> tuple[type[FileSystem], tuple[str]]:
        return FileSystem, (self._address,)

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        """Open the file; raises as `Folder.get`."""
        path = self._path(bucket, key)
        if path is None or not self._fs.isfile(path):
            raise refusal("NoSuchKey")
        if "VersionId" in options:
            raise refusal("NoSuchVersion")
        with _refused():
            return cast(BinaryIO, self._fs.open(path, "rb"))

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """List all files of the bucket whose keys begin with the prefix."""
        folder = self._bucket(bucket)
        with _refused():
            found = self._fs.find(folder, detail=True)
        keys = {str(path)[len(folder) + 1 :]: about for path, about in found.items()}
        for key in sorted(keys, key=str.encode):
            if key.startswith(prefix):
                yield self._stored(f"{folder}/{key}", key, keys[key])

    def put(self, bucket: str, key: str) -> _FileUpload:
        """Start a file; raises as `Folder.put`."""
        self._file(bucket, key)
        name = uuid4().hex
        with _refused():
            file = self._fs.open(self._unfinished(name), "wb")
        return _FileUpload(file, partial(self.publish, bucket, key, name))

    def stage(self, bucket: str, key: str, data: bytes) -> str:
        """Write a file beside the buckets; return its name. Raises as `put`."""
        self._file(bucket, key)
        name = uuid4().hex
        with _refused():
            self._fs.pipe_file(self._unfinished(name), data)
        return name

    def publish(self, bucket: str, key: str, staged: str) -> None:
        """Move a staged file into place, unless that has been done."""
        path, unfinished = self._file(bucket, key), f"{self._root}/.uploads/{staged}"
        with _refused():
            if self._fs.exists(unfinished) or not self._fs.exists(path):
                self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
                self._fs.mv(unfinished, path)

    def _unfinished(self, name: str) -> str:
        folder = f"{self._root}/.uploads"
        self._fs.makedirs(folder, exist_ok=True)
        return f"{folder}/{name}"

    def _stored(self, path: str, key: str, about: dict[str, Any]) -> StoredObject:
        modified = self._fs.modified(path)
        return StoredObject(
            key, about["size"], int(modified.timestamp()), "STANDARD", partial(self._etag, path)
        )

    def _etag(self, path: str) -> str:
        with self._fs.open(path, "rb") as file:
            return f'"{hashlib.file_digest(file, "md5").hexdigest()}"'

    def _bucket(self, bucket: str) -> str:
        if not bucket or bucket.startswith(".") or "/" in bucket:
            raise refusal("InvalidBucketName")
        folder = f"{self._root}/{bucket}"
        with _refused():
            if not self._fs.isdir(folder):
                raise refusal("NoSuchBucket")
        return folder

    def _path(self, bucket: str, key: str) -> str | None:
        """Return a key's file; None if the key is not possible as a file."""
        folder = self._bucket(bucket)
        possible = not any(part in ("", ".", "..") or "\0" in part for part in key.split("/"))
        return f"{folder}/{key}" if possible else None

    def _file(self, bucket: str, key: str) -> str:
        path = self._path(bucket, key)
        if path is None:
            raise refusal("InternalError", f'the key "{key}" cannot be a file name')
        return path


class _FileUpload:
    """Writes beside the buckets, and moves the file into place when it is complete."""

    def __init__(self, file: BinaryIO, publish: Callable[[], None]) -> None:
        self._file, self._publish = file, publish

    def write(self, data: bytes) -> None:
        with _refused():
            self._file.write(data)

    def commit(self) -> None:
        with _refused():
            self._file.close()
        self._publish()


@contextmanager
def _refused() -> Iterator[None]:
    """Return an error of the file system as S3 reports it."""
    try:
        yield
    except PermissionError as problem:
        raise refusal("AccessDenied") from problem
    except OSError as problem:
        raise refusal("InternalError", str(problem)) from problem
