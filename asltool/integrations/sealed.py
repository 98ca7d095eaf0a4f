"""Lines of JSON with checksums, so that damage in a file is always detected.

A line is JSON itself: ``["9ae0daaf", VALUE]``, the CRC-32 of the value's bytes and the value.
"""

from __future__ import annotations

import json
from typing import Any
from zlib import crc32

from asltool.expr.values import dumps

__all__ = ["seal", "unseal"]

_HEAD = len(b'["00000000", ')


def seal(value: Any) -> bytes:
    """Return a JSON value as a line, including its line feed."""
    data = dumps(value).encode("utf-8", "surrogatepass")
    return _head(data) + data + b"]\n"


def unseal(line: bytes) -> Any:
    """Return the value of a line.

    Raises:
        ValueError: the line is not from `seal`.
    """
    data = line[_HEAD:-2]
    if line[:_HEAD] != _head(data) or line[-2:] != b"]\n":
        raise ValueError("the checksum does not match")
    return json.loads(data)


def _head(data: bytes) -> bytes:
    return b'["%08x", ' % crc32(data)
