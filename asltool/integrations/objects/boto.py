"""S3 itself, through boto3, or a compatible server at a custom endpoint."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, cast

from asltool.errors import MissingExtra
from asltool.integrations.aws.sdk import problem_of, why
from asltool.integrations.aws.words import SdkWords
from asltool.integrations.objects import StoredObject

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError as problem:
    raise MissingExtra("S3 through boto3", "aws") from problem

__all__ = ["S3"]

_SPOOLED = 8 * 1024 * 1024
"""Bytes of an object kept in memory; a larger one goes to a temporary file."""

_PART = 8 * 1024 * 1024
"""Bytes of one part of an upload; S3 requires at least 5 MiB for every part but the last."""


class S3:
    """Stores objects in S3. ``client`` is a ``boto3.client("s3")``."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        """Download the object at once: child executions may take hours, longer than a connection stays
        open."""
        with _told(self._client), ExitStack() as on_error:
            body = self._client.get_object(Bucket=bucket, Key=key, **options)["Body"]
            spool = on_error.enter_context(tempfile.SpooledTemporaryFile(_SPOOLED))
            shutil.copyfileobj(body, spool)
            spool.seek(0)
            on_error.pop_all()
            return cast(BinaryIO, spool)

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Follow the pages of ListObjectsV2."""
        with _told(self._client):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield _stored(found)

    def put(self, bucket: str, key: str) -> _PartsUpload:
        """Start a multipart upload."""
        with _told(self._client):
            upload = self._client.create_multipart_upload(Bucket=bucket, Key=key)
        return _PartsUpload(self._client, {"Bucket": bucket, "Key": key, "UploadId": upload["UploadId"]})


class _PartsUpload:
    """Holds at most one part in memory."""

    def __init__(self, client: Any, address: dict[str, str]) -> None:
        self._client, self._address = client, address
        self._rest = bytearray()
        self._parts: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self._rest += data
        while len(self._rest) >= _PART:
            self._send(bytes(self._rest[:_PART]))
            del self._rest[:_PART]

    def commit(self) -> None:
        # An upload needs at least one part, even an empty one.
        if self._rest or not self._parts:
            self._send(bytes(self._rest))
        with _told(self._client):
            self._client.complete_multipart_upload(**self._address, MultipartUpload={"Parts": self._parts})

    def _send(self, data: bytes) -> None:
        number = len(self._parts) + 1
        with _told(self._client):
            part = self._client.upload_part(**self._address, PartNumber=number, Body=data)
        self._parts.append({"PartNumber": number, "ETag": part["ETag"]})


def _stored(found: dict[str, Any]) -> StoredObject:
    return StoredObject(
        found["Key"],
        found["Size"],
        int(found["LastModified"].timestamp()),
        found.get("StorageClass", "STANDARD"),
        lambda: str(found["ETag"]),
    )


@contextmanager
def _told(client: Any) -> Iterator[None]:
    """Return an error as the service's S3 integration reports it."""
    try:
        yield
    except ClientError as problem:
        raise SdkWords("S3").failure(problem_of(problem, client)) from problem
    except BotoCoreError as problem:
        raise SdkWords("S3").client_failure(why(problem)) from problem
