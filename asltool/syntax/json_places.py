"""The positions of values in JSON text, found only along the pointers that are looked up.

The text must be valid for `json.loads`; `json_scan` accepts any text.
"""

from __future__ import annotations

import json
import re
from functools import partial

from asltool.syntax.text import Location

__all__ = ["json_places"]

_VALUE = json.JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\n\r]*")


def json_places(text: str) -> Location:
    """Return the root of the positions in a JSON text."""
    return _node(text, _next(text, 0), None)[0]


def _next(text: str, start: int) -> int:
    """Return where the next token is."""
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _node(text: str, start: int, key: tuple[int, int] | None) -> tuple[Location, int]:
    """Return the node of a value, and where the value ends."""
    _, end = _VALUE(text, start)
    if text[start] in "{[":
        return Location(start, start + 1, key, partial(_parts, text, start), end), end
    return Location(start, end, key), end


def _parts(text: str, start: int) -> dict[str | int, Location]:
    """Return the parts of an object or array. If a key occurs twice, the last one counts."""
    found: dict[str | int, Location] = {}
    is_object, at = text[start] == "{", _next(text, start + 1)
    while text[at] not in "}]":
        name: str | int = len(found)
        key = None
        if is_object:
            name, end = _VALUE(text, at)
            key = (at, end)
            colon = _next(text, end)
            at = _next(text, colon + 1)
        found[name], at = _node(text, at, key)
        at = _next(text, at)
        if text[at] == ",":
            at = _next(text, at + 1)
    return found
