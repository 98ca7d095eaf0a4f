"""Objects in buckets: what a distributed Map reads from and writes to, whoever keeps them.

Stores raise `TaskFailed` with the error name and the sentence of the service's own S3 integration, so that a
Catch cannot tell a folder from S3.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from asltool.errors import TaskFailed
from asltool.integrations.aws.words import ErrorReply, SdkWords

__all__ = ["Objects", "StoredObject", "Upload", "refusal"]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a listing.

    ``size`` is in bytes, ``last_modified`` in whole seconds since the epoch. ``etag`` returns the entity tag
    in its double quotes; it is a call, for a folder has to read the whole object to know it.
    """

    key: str
    size: int
    last_modified: int
    storage_class: str
    etag: Callable[[], str]


class Upload(Protocol):
    """An object that is being written. Nobody sees it before `commit`."""

    def write(self, data: bytes) -> None:
        """Append some bytes."""

    def commit(self) -> None:
        """Let the object be there, in place of the one that has been there before."""


class Objects(Protocol):
    """A store of objects. Every method raises `TaskFailed`, ``S3.NoSuchBucketException`` and its like."""

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        """Return the object's bytes as a stream that can seek.

        Options are parameters of GetObject: ``VersionId`` and ``ExpectedBucketOwner``.
        """

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with the prefix, in the order of their keys in UTF-8."""

    def put(self, bucket: str, key: str) -> Upload:
        """Begin to write an object; a bucket that does not exist is told of here already."""


_REFUSALS = {
    "AccessDenied": ("Access Denied", 403),
    "InternalError": ("We encountered an internal error. Please try again.", 500),
    "InvalidBucketName": ("The specified bucket is not valid.", 400),
    "NoSuchBucket": ("The specified bucket does not exist", 404),
    "NoSuchKey": ("The specified key does not exist.", 404),
    "NoSuchVersion": ("The specified version does not exist.", 404),
}
"""By error code, what S3 says and its HTTP status."""

_MODELLED = ("NoSuchBucket", "NoSuchKey")
"""The codes that have an exception of their own in the service's model of S3."""


def refusal(code: str, message: str | None = None) -> TaskFailed:
    """Return what the service's integration with S3 fails with, given an error code of S3."""
    usual, status = _REFUSALS[code]
    return SdkWords("S3").failure(
        ErrorReply(
            code=code,
            message=message or usual,
            status=status,
            request_id="local",
            extended_request_id="local",
            shape=code if code in _MODELLED else None,
        )
    )
