"""The content of one object, by its format. A new format is one file and one line here."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from asltool.integrations.item_readers.decoding import decompressed
from asltool.integrations.item_readers.from_csv import read_csv
from asltool.integrations.item_readers.from_json import read_json
from asltool.integrations.item_readers.from_jsonl import read_jsonl
from asltool.integrations.item_readers.from_parquet import read_parquet
from asltool.integrations.map_fields import choice, text
from asltool.integrations.objects import Objects

__all__ = ["FORMATS", "read_object"]

ItemFormat = Callable[[BinaryIO, Mapping[str, Any]], Iterator[Any]]
"""``format(stream, reader_config)`` yields the items, or raises ValueError with what is wrong."""

FORMATS: dict[str, ItemFormat] = {
    "CSV": read_csv,
    "JSON": read_json,
    "JSONL": read_jsonl,
    "PARQUET": read_parquet,
}


def read_object(objects: Objects, arguments: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the items of the object at ``Bucket`` and ``Key``, which has the format ``InputType``.

    Raises:
        TaskFailed: the object is missing or unreadable, and the service's error is known.
        ValueError: the object is unreadable for another reason.
    """
    kind = choice(config, "InputType", FORMATS)
    bucket, key = text(arguments, "Bucket"), text(arguments, "Key")
    options = {
        name: text(arguments, name) for name in ("ExpectedBucketOwner", "VersionId") if name in arguments
    }
    if kind == "PARQUET" and "VersionId" in options:
        raise ValueError('"VersionId" and "InputType" "PARQUET" cannot be combined')
    with objects.get(bucket, key, **options) as stream:
        try:
            yield from FORMATS[kind](decompressed(stream, key), config)
        except (ValueError, OSError, EOFError, zlib.error) as problem:
            raise ValueError(f"s3://{bucket}/{key} cannot be read as {kind}: {problem}") from problem
