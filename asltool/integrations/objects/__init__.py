"""Object stores, from which distributed Maps read items and to which they write results.

Stores raise `TaskFailed` with the error names and causes of the service's S3 integration, so a folder and S3
behave alike under Catch.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol, runtime_checkable

from asltool.errors import TaskFailed
from asltool.integrations.aws.words import ErrorReply, SdkWords

__all__ = ["Objects", "Staging", "StoredObject", "Upload", "refusal"]


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object of a listing.

    ``size`` is in bytes, ``last_modified`` in whole seconds since the epoch. ``etag`` returns the entity tag
    in double quotes; it is a function because a folder has to read the whole object to compute it.
    """

    key: str
    size: int
    last_modified: int
    storage_class: str
    etag: Callable[[], str]


class Upload(Protocol):
    """An object that is being written. It is not visible before `commit`."""

    def write(self, data: bytes) -> None:
        """Append some bytes."""

    def commit(self) -> None:
        """Make the object visible, replacing any earlier one."""


class Objects(Protocol):
    """A store of objects. Every method raises `TaskFailed` with errors such as
    ``S3.NoSuchBucketException``."""

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        """Return the object's bytes as a seekable stream.

        Options are parameters of GetObject: ``VersionId`` and ``ExpectedBucketOwner``.
        """

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        """Yield the objects whose keys begin with the prefix, sorted by their keys in UTF-8."""

    def put(self, bucket: str, key: str) -> Upload:
        """Start writing an object; a missing bucket is reported at once."""


@runtime_checkable
class Staging(Protocol):
    """A store whose objects one process writes and another makes visible. It can be pickled."""

    def stage(self, bucket: str, key: str, data: bytes) -> Any:
        """Write an object that is not visible; return what `publish` needs, as JSON."""

    def publish(self, bucket: str, key: str, staged: Any) -> None:
        """Make a staged object visible; no effect if it is."""


_REFUSALS = {
    "AccessDenied": ("Access Denied", 403),
    "InvalidArgument": ("Invalid Argument", 400),
    "InternalError": ("We encountered an internal error. Please try again.", 500),
    "InvalidBucketName": ("The specified bucket is not valid.", 400),
    "InvalidRange": ("The requested range is not satisfiable", 416),
    "NoSuchBucket": ("The specified bucket does not exist", 404),
    "NoSuchKey": ("The specified key does not exist.", 404),
    "NoSuchVersion": ("The specified version does not exist.", 404),
    "NotModified": ("null", 304),
    "PreconditionFailed": ("At least one of the pre-conditions you specified did not hold", 412),
}
"""S3's message and HTTP status by error code."""

_MODELLED = ("NoSuchBucket", "NoSuchKey")
"""The codes with their own exception in the model of S3."""


def refusal(code: str, message: str | None = None) -> TaskFailed:
    """Return the failure of the service's S3 integration for an S3 error code."""
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
