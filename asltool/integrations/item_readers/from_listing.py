"""The objects of a bucket, as ListObjectsV2 lists them, or with LOAD_AND_FLATTEN the items in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.engine.map_io import ReadItems
from asltool.integrations.item_readers.content import read_object
from asltool.integrations.map_fields import choice, text
from asltool.integrations.objects import Objects, StoredObject

__all__ = ["read_listing"]


def read_listing(objects: Objects, source: ReadItems) -> Iterator[Any]:
    """Yield an item for each object below ``Prefix``, or the items of all of them.

    The empty objects that the S3 console creates for folders are items, but contain none.

    Raises:
        TaskFailed, ValueError: as for `read_object`.
    """
    bucket = text(source.arguments, "Bucket")
    loads = choice(source.config, "Transformation", ("NONE", "LOAD_AND_FLATTEN"), "NONE") != "NONE"
    for stored in objects.list(bucket, text(source.arguments, "Prefix", "")):
        if not loads:
            yield _described(stored)
        elif stored.size or not stored.key.endswith("/"):
            yield from read_object(objects, {"Bucket": bucket, "Key": stored.key}, source.config)


def _described(stored: StoredObject) -> dict[str, Any]:
    return {
        "Etag": stored.etag(),
        "Key": stored.key,
        "LastModified": stored.last_modified,
        "Size": stored.size,
        "StorageClass": stored.storage_class,
    }
