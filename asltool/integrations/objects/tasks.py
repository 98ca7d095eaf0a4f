"""``aws-sdk:s3:*`` tasks on a folder used in place of S3.

A folder stores only the bytes of objects: metadata in a request, such as content type, encryption, tags,
access or checksums, is accepted but not stored.

Source: recordings of the service, 2025;
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from io import BufferedReader
from itertools import groupby, islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from asltool.driver.jobs import Integration, Job, Work
from asltool.engine.effects import CallTask
from asltool.errors import OptionError, TaskFailed
from asltool.expr.environment import Json
from asltool.integrations.aws.models import shapes
from asltool.integrations.aws.names import capitalized
from asltool.integrations.aws.shapes import from_json, to_json
from asltool.integrations.aws.words import SdkWords
from asltool.integrations.objects import Objects, StoredObject, refusal
from asltool.integrations.objects.folder import Folder
from asltool.integrations.parameters import unusable

__all__ = ["S3Tasks", "objects_of", "tasks_on"]

S3Fields = dict[str, Any]

_WORDS = SdkWords("S3")

_MOST_KEYS = 1000
"""Of a page of ListObjectsV2."""

_ENCRYPTED = {"ServerSideEncryption": "AES256"}
"""S3 encrypts every object, and says so."""


def objects_of(s3: str | os.PathLike[str] | Objects | None) -> Objects | None:
    """Return an object store, given as such, as a folder, or as an address of fsspec.

    Raises:
        OptionError: it is an address of S3, which a boto3 client reaches.
        MissingExtra: fsspec is not installed.
    """
    if isinstance(s3, str) and "://" in s3:
        if s3.startswith(("s3://", "s3a://")):
            raise OptionError(f'"{s3}" is S3 itself: use --aws (s3=S3(client)) instead of an address')
        from asltool.integrations.objects.filesystem import FileSystem

        return FileSystem(s3)
    return Folder(Path(s3)) if isinstance(s3, str | os.PathLike) else s3


def tasks_on(objects: Objects | None) -> list[Integration]:
    """Return the integration for S3 tasks on an object store; none unless it is a folder."""
    return [S3Tasks(objects)] if isinstance(objects, Folder) else []


class S3Tasks:
    """The `Integration` that reads and writes the objects of a folder.

    Its actions are ``getObject``, ``headObject``, ``putObject``, ``copyObject``, ``deleteObject`` and
    ``listObjectsV2`` of ``aws-sdk:s3``.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    def knows(self, call: CallTask) -> bool:
        return call.resource.service == "aws-sdk:s3" and call.resource.name in _ACTIONS

    def find(self, call: CallTask) -> Work | None:
        """Return the function that performs this call.

        Raises:
            MissingExtra: botocore, which has the model of S3, is not installed.
        """
        if not self.knows(call):
            return None
        return partial(self._perform, shapes("s3", capitalized(call.resource.name)))

    def _perform(self, model: tuple[Any, Any], job: Job) -> Json:
        call, (taken, returned) = job.call, model
        try:
            request = from_json(call.input, taken, _WORDS)
        except ValueError as problem:
            raise unusable(call.input, str(problem)) from problem
        return to_json(_ACTIONS[call.resource.name](self._folder, request), returned, _WORDS)


def _get(folder: Folder, request: S3Fields) -> S3Fields:
    with _opened(folder, request) as file:
        about = _about(file)
        _check_conditions(request, about["ETag"])
        part = _range(request.get("Range", ""), about["ContentLength"])
        if part is None:
            return {**about, "Body": file.read()}
        file.seek(part.start)
        shown = f"bytes {part.start}-{part.stop - 1}/{about['ContentLength']}"
        return {**about, "Body": file.read(len(part)), "ContentLength": len(part), "ContentRange": shown}


def _head(folder: Folder, request: S3Fields) -> S3Fields:
    """A response to HEAD has no body, and so no message."""
    try:
        with _opened(folder, request) as file:
            about = _about(file)
        _check_conditions(request, about["ETag"])
    except TaskFailed as failure:
        raise TaskFailed(failure.error, re.sub(r"^.*? \(Service", "null (Service", failure.cause)) from None
    return about


def _opened(folder: Folder, request: Mapping[str, Any]) -> BufferedReader:
    version = {"VersionId": request["VersionId"]} if "VersionId" in request else {}
    return folder.get(request["Bucket"], request["Key"], **version)


def _about(file: BufferedReader) -> S3Fields:
    found = os.fstat(file.fileno())
    etag = f'"{hashlib.file_digest(file, "md5").hexdigest()}"'
    file.seek(0)
    return {
        "AcceptRanges": "bytes",
        "ContentLength": found.st_size,
        "ContentType": "binary/octet-stream",
        "ETag": etag,
        "LastModified": _moment(found.st_mtime),
        "Metadata": {},
        **_ENCRYPTED,
    }


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _check_conditions(request: S3Fields, etag: str | None) -> None:
    """Check ``IfMatch`` and ``IfNoneMatch``; ``etag`` None: there is no object."""
    if "IfMatch" in request and etag is None:
        raise refusal("NoSuchKey")
    if "IfMatch" in request and request["IfMatch"].strip('"') not in ("*", str(etag).strip('"')):
        raise refusal("PreconditionFailed")
    if etag is not None and request.get("IfNoneMatch", "").strip('"') in ("*", etag.strip('"')):
        raise refusal("PreconditionFailed" if "Body" in request or "CopySource" in request else "NotModified")


def _range(given: str, size: int) -> range | None:
    """Return the bytes that a ``Range`` selects; None means all, as for an invalid range."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", given)
    if found is None or found[1] == found[2] == "":
        return None
    start = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(size, int(found[2]) + 1) if found[1] and found[2] else size
    if start >= size or (found[1] == "" and int(found[2]) == 0):
        raise refusal("InvalidRange")
    return range(start, end) if start < end else None


def _put(folder: Folder, request: S3Fields) -> S3Fields:
    return {**_write(folder, request, request.get("Body", b"")), **_ENCRYPTED}


def _write(folder: Folder, request: S3Fields, data: bytes) -> S3Fields:
    """Write an object, if the request's conditions hold; return its tag and its checksum."""
    if "IfMatch" in request or "IfNoneMatch" in request:
        _check_conditions({"Body": b"", **request}, _etag(folder, request))
    upload = folder.put(request["Bucket"], request["Key"])
    upload.write(data)
    upload.commit()
    return {
        "ChecksumCRC32": base64.b64encode(zlib.crc32(data).to_bytes(4)).decode(),
        "ChecksumType": "FULL_OBJECT",
        "ETag": f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"',
    }


def _etag(folder: Folder, request: S3Fields) -> str | None:
    try:
        with folder.get(request["Bucket"], request["Key"]) as file:
            return str(_about(file)["ETag"])
    except TaskFailed as failure:
        if failure.error == "S3.NoSuchKeyException":
            return None
        raise


def _copy(folder: Folder, request: S3Fields) -> S3Fields:
    """``CopySource`` is ``bucket/key``, URL-encoded, optionally followed by ``?versionId=``."""
    source, _, version = request["CopySource"].partition("?versionId=")
    bucket, _, key = unquote(source).removeprefix("/").partition("/")
    about = {"Bucket": bucket, "Key": key, **({"VersionId": version} if version else {})}
    with _opened(folder, about) as file:
        data = file.read()
    written = _write(folder, request, data)
    with _opened(folder, {"Bucket": request["Bucket"], "Key": request["Key"]}) as file:
        changed = _moment(os.fstat(file.fileno()).st_mtime)
    return {"CopyObjectResult": {**written, "LastModified": changed}, **_ENCRYPTED}


def _delete(folder: Folder, request: S3Fields) -> S3Fields:
    """An object that does not exist is not an error."""
    folder.delete(request["Bucket"], request["Key"])
    return {}


def _list(folder: Folder, request: S3Fields) -> S3Fields:
    prefix, delimiter = request.get("Prefix", ""), request.get("Delimiter", "")
    most = min(request.get("MaxKeys", _MOST_KEYS), _MOST_KEYS)
    token = request.get("ContinuationToken")
    after = _token(token) if token else request.get("StartAfter", "")
    found = list(islice(_entries(folder, request["Bucket"], prefix, delimiter, after), most + 1))
    page, truncated = found[:most], len(found) > most > 0
    answer: S3Fields = {
        "Name": request["Bucket"],
        "Prefix": prefix,
        "MaxKeys": most,
        "KeyCount": len(page),
        "IsTruncated": truncated,
        "Contents": [_listed(each) for each in page if isinstance(each, StoredObject)] or None,
        "CommonPrefixes": [{"Prefix": each} for each in page if isinstance(each, str)] or None,
        **{name: request.get(name) for name in ("Delimiter", "StartAfter", "ContinuationToken")},
    }
    if truncated:
        last = page[-1]
        key = last if isinstance(last, str) else last.key
        answer["NextContinuationToken"] = base64.urlsafe_b64encode(key.encode()).decode()
    return answer


def _token(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text).decode()
    except ValueError:
        raise refusal("InvalidArgument", "The continuation token provided is incorrect") from None


def _entries(
    folder: Folder, bucket: str, prefix: str, delimiter: str, after: str
) -> Iterator[StoredObject | str]:
    """Yield the objects after a key; those below a delimiter are replaced by their common prefix."""

    def common(each: StoredObject) -> str | None:
        head, found, _ = each.key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
        return prefix + head + found if found else None

    for shared, objects in groupby(folder.list(bucket, prefix), common):
        if shared is None:
            yield from (each for each in objects if each.key.encode() > after.encode())
        elif shared.encode() > after.encode():
            yield shared


def _listed(found: StoredObject) -> S3Fields:
    return {
        "Key": found.key,
        "LastModified": _moment(found.last_modified),
        "ETag": found.etag(),
        "Size": found.size,
        "StorageClass": found.storage_class,
    }


_ACTIONS: Mapping[str, Callable[[Folder, S3Fields], S3Fields]] = {
    "copyObject": _copy,
    "deleteObject": _delete,
    "getObject": _get,
    "headObject": _head,
    "listObjectsV2": _list,
    "putObject": _put,
}
