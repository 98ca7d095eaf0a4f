"""What Maps read from S3 while a machine is explored: objects in memory, made as their ItemReaders say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from asltool.expr.values import dumps
from asltool.integrations.objects import StoredObject, refusal
from asltool.integrations.objects.folder import BUCKET
from asltool.syntax.model import ItemReader

__all__ = ["MadeObjects", "content"]

_ROWS = "rows.csv"
"""The key of the file that a manifest lists."""


class MadeObjects:
    """An object store that has these texts, by bucket and key, and remembers what else was read.

    ``missing`` has the buckets and keys of the latter, in order, as far as files can have these names.
    ``written`` are the buckets that were written to; nothing is kept there.
    """

    def __init__(self, texts: Mapping[tuple[str, str], str]) -> None:
        self._texts = texts
        self.missing: dict[tuple[str, str], None] = {}
        self.written: dict[str, None] = {}

    def _look_for(self, bucket: str, key: str) -> None:
        if BUCKET.fullmatch(bucket) and not {"", ".", ".."} & {*key.split("/")}:
            self.missing[bucket, key] = None

    def get(self, bucket: str, key: str, **options: str) -> BinaryIO:
        if (bucket, key) not in self._texts:
            self._look_for(bucket, key)
            raise refusal("NoSuchKey")
        return BytesIO(self._texts[bucket, key].encode())

    def list(self, bucket: str, prefix: str) -> Iterator[StoredObject]:
        keys = [key for there, key in self._texts if there == bucket and key.startswith(prefix)]
        if not keys:
            self._look_for(bucket, f"{prefix}object")
        for key in sorted(keys, key=str.encode):
            yield StoredObject(key, len(self._texts[bucket, key].encode()), 0, "STANDARD", lambda: '""')

    def put(self, bucket: str, key: str) -> _NotKept:
        self.written[bucket] = None
        return _NotKept()


class _NotKept:
    def write(self, data: bytes) -> None:
        """Keep nothing."""

    def commit(self) -> None:
        """Keep nothing."""


def content(reader: ItemReader, bucket: str, key: str) -> str:
    """Return the text of an object that an ItemReader reads, with one item.

    Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
    """
    options = reader.reader_config.options
    kind = options.get("InputType")
    if kind == "MANIFEST" and key != _ROWS:
        files = [{"key": _ROWS}]
        return dumps({"files": files, "fileFormat": "CSV", "fileSchema": "id", "destinationBucket": bucket})
    if kind == "JSON":
        return dumps(_nested([{}], str(options.get("ItemsPointer", ""))))
    if kind == "JSONL":
        return "{}\n"
    return "1\n" if key == _ROWS or options.get("CSVHeaderLocation") == "GIVEN" else "id\n1\n"


def _nested(items: Any, pointer: str) -> Any:
    for name in reversed(pointer.split("/")[1:]):
        items = {name.replace("~1", "/").replace("~0", "~"): items}
    return items
