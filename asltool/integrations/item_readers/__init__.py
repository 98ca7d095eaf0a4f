"""ItemReader: the sources of a distributed Map's items. One file per source and per format.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from asltool.engine.map_io import ReadItems
from asltool.errors import TaskFailed
from asltool.integrations.item_readers.content import read_object
from asltool.integrations.item_readers.failure import reader_failed
from asltool.integrations.item_readers.from_athena import read_athena
from asltool.integrations.item_readers.from_inventory import read_inventory
from asltool.integrations.item_readers.from_listing import read_listing
from asltool.integrations.map_fields import choice
from asltool.integrations.objects import Objects

__all__ = ["read_items"]

_MOST = 100_000_000
"""The most items that the service reads, whatever MaxItems says."""

_MANIFESTS: dict[str, Callable[[Objects, ReadItems], Iterator[Any]]] = {
    "ATHENA_DATA": read_athena,
    "S3_INVENTORY": read_inventory,
}


def read_items(objects: Objects, source: ReadItems) -> Iterator[Any]:
    """Yield the items lazily.

    Without ``MaxItems``, or if it is 0, up to 100,000,000 items are read.

    Raises:
        TaskFailed: ``States.ItemReaderFailed``, before the first item or at the one that cannot be read.
    """
    most = int(source.config.get("MaxItems") or _MOST)
    try:
        yield from islice(_all_items(objects, source), min(most, _MOST))
    except TaskFailed as problem:
        raise reader_failed(problem.cause) from problem
    except (ValueError, OSError) as problem:
        raise reader_failed(str(problem)) from problem


def _all_items(objects: Objects, source: ReadItems) -> Iterator[Any]:
    action, config = source.resource.rpartition(":")[2], source.config
    if choice({"Resource": action}, "Resource", ("getObject", "listObjectsV2")) == "listObjectsV2":
        return read_listing(objects, source)
    if "ManifestType" not in config and config.get("InputType") != "MANIFEST":
        return read_object(objects, source.arguments, config)
    return _MANIFESTS[choice(config, "ManifestType", _MANIFESTS, "S3_INVENTORY")](objects, source)
