"""A store of objects in memory."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from typing import BinaryIO

from asltool.integrations.objects import StoredObject, refusal

__all__ = ["Memory"]


class Memory:
    """Keeps ``buckets``: by name, the bytes of each object by its key."""

    def __init__(self, *buckets: str) -> None:
        self.buckets: dict[str, dict[str, bytes]] = {bucket: {} for bucket in buckets}

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        if key not in self._bucket(bucket):
            raise refusal("NoSuchKey")
        if "VersionId" in options:
            raise refusal("NoSuchVersion")
        return io.BytesIO(self.buckets[bucket][key])

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        for key, data in sorted(self._bucket(bucket).items(), key=lambda item: item[0].encode()):
            if key.startswith(prefix):
                tag = f'"{hashlib.md5(data).hexdigest()}"'
                yield StoredObject(key, len(data), 1668699881, "STANDARD", lambda tag=tag: tag)  # type: ignore[misc]

    def put(self, bucket: str, key: str) -> MemoryUpload:
        return MemoryUpload(self._bucket(bucket), key)

    def _bucket(self, bucket: str) -> dict[str, bytes]:
        if bucket not in self.buckets:
            raise refusal("NoSuchBucket")
        return self.buckets[bucket]


class MemoryUpload:
    def __init__(self, bucket: dict[str, bytes], key: str) -> None:
        self._bucket, self._key, self._data = bucket, key, bytearray()

    def write(self, data: bytes) -> None:
        self._data += data

    def commit(self) -> None:
        self._bucket[self._key] = bytes(self._data)
