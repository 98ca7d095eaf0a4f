"""An S3 inventory: the rows of the CSV files that its manifest lists.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.engine.map_io import ReadItems
from asltool.expr.values import loads
from asltool.integrations.item_readers.content import read_object
from asltool.integrations.map_fields import choice, text
from asltool.integrations.objects import Objects

__all__ = ["read_inventory"]


def read_inventory(objects: Objects, source: ReadItems) -> Iterator[Any]:
    """Yield the inventory's row for each object, with strings as values.

    Raises:
        TaskFailed, ValueError: as for `read_object`; the manifest is invalid, or does not list CSV files.
    """
    bucket, key = text(source.arguments, "Bucket"), text(source.arguments, "Key")
    with objects.get(bucket, key) as stream:
        manifest = loads(stream.read().decode())
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise ValueError(f"s3://{bucket}/{key} is not the manifest of an S3 inventory")
    choice(manifest, "fileFormat", ("CSV",))
    header = [name.strip() for name in text(manifest, "fileSchema").split(",")]
    config = {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": header}
    home = text(manifest, "destinationBucket").rpartition(":")[2]
    for file in files:
        yield from read_object(objects, {"Bucket": home, "Key": text(file, "key")}, config)
