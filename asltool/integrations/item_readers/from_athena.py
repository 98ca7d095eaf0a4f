"""The data manifest of an Athena UNLOAD query: the items of the objects it lists, one S3 URI a line.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-output-location.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from asltool.engine.map_io import ReadItems
from asltool.integrations.item_readers.content import read_object
from asltool.integrations.item_readers.decoding import as_text
from asltool.integrations.map_fields import choice, text
from asltool.integrations.objects import Objects
from asltool.syntax.wording import quoted

__all__ = ["read_athena"]

_URI = re.compile(r'"?s3://(?P<Bucket>[^/"]+)/(?P<Key>[^"]+)"?')


def read_athena(objects: Objects, source: ReadItems) -> Iterator[Any]:
    """Yield the items; every object has the format ``InputType``, and Athena writes CSV without a header.

    Raises:
        TaskFailed, ValueError: as for `read_object`; a line of the manifest is not an S3 URI.
    """
    choice(source.config, "InputType", ("CSV", "JSONL", "PARQUET"))
    bucket, key = text(source.arguments, "Bucket"), text(source.arguments, "Key")
    with objects.get(bucket, key) as stream, as_text(stream) as lines:
        for number, line in enumerate(lines, 1):
            uri = _URI.fullmatch(line.strip())
            if uri is None:
                raise ValueError(
                    f"line {number} of s3://{bucket}/{key} is not an S3 URI: {quoted(line.strip())}"
                )
            yield from read_object(objects, uri.groupdict(), source.config)
