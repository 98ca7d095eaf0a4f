"""Pack the log of an ended execution: all steps in one value, compressed if it is long."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

from asltool.store.port import LoggedStep

__all__ = ["pack", "unpack"]

_LENGTHS = struct.Struct("<II")
_PLAIN, _COMPRESSED = b"\0", b"\1"
_SHORT = 2_000
"""Bytes that are not worth compressing: it takes longer than to write them."""


def pack(steps: Iterable[LoggedStep]) -> bytes:
    """Return the steps as one value."""
    body = b"".join(
        part for call, records in steps for part in (_LENGTHS.pack(len(call), len(records)), call, records)
    )
    return _PLAIN + body if len(body) < _SHORT else _COMPRESSED + zlib.compress(body, 1)


def unpack(packed: bytes) -> list[LoggedStep]:
    """Return the steps from a value of `pack`."""
    body = packed[1:] if packed[:1] == _PLAIN else zlib.decompress(packed[1:])
    steps, place = [], 0
    while place < len(body):
        call_length, records_length = _LENGTHS.unpack_from(body, place)
        place += _LENGTHS.size
        middle, end = place + call_length, place + call_length + records_length
        steps.append(LoggedStep(body[place:middle], body[middle:end]))
        place = end
    return steps
