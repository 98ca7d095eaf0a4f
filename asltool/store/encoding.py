"""The JSON text of stored values, written by orjson if it is installed, in an eighth of the time.

orjson comes with the extra ``server``. Numbers are written differently only in form: ``1e-7`` is ``1e-07``
without it.
"""

from __future__ import annotations

import json
from typing import Any

from asltool.expr.values import dumps

try:
    from orjson import dumps as _quick
except ImportError:
    _quick = None  # type: ignore[assignment]

__all__ = ["encode", "same"]


def encode(value: Any) -> bytes:
    """Return the JSON text of a value, in UTF-8.

    Raises:
        ValueError: it is not JSON.
    """
    if _quick is not None:
        try:
            return _quick(value)
        except TypeError:  # integers of more than 64 bits, unpaired surrogates, deep nesting
            pass
    return dumps(value).encode("utf-8", "surrogatepass")


def same(text: bytes, value: Any) -> bool:
    """Return whether a stored text is that of this value, written with or without orjson."""
    encoded = encode(value)
    return text == encoded or encode(json.loads(text)) == encoded
