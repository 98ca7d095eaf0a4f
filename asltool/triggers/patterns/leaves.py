"""An event as a pattern sees it: its leaves by the path of their keys, ignoring arrays.

Each leaf records its position in arrays, so that a pattern does not match parts of different elements.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeAlias

__all__ = ["FALSE", "TRUE", "Leaf", "Leaves", "Place", "joined", "leaves_of", "path_of"]


class _Boolean(Enum):
    """JSON's booleans, which are not numbers, unlike Python's."""

    TRUE = True
    FALSE = False


TRUE, FALSE = _Boolean.TRUE, _Boolean.FALSE

Leaf: TypeAlias = "str | int | float | _Boolean | None"
Place: TypeAlias = "tuple[tuple[int, int], ...]"
"""The elements that a leaf is inside of: the number of each array of the event, and the index in it."""

Leaves: TypeAlias = "dict[str, list[tuple[Leaf, Place]]]"


def path_of(path: str, key: str) -> str:
    """Return the path of a field below another."""
    return f"{path}.{key}" if path else key


def leaves_of(event: Mapping[str, Any]) -> Leaves:
    """Return the strings, numbers, booleans and nulls of an event, by the path of their keys.

    Objects and arrays may contain leaves but are not leaves themselves. Leaves in the same array are
    alternatives.
    """
    found: Leaves = {}
    arrays = 0
    left: list[tuple[str, Any, Place]] = [("", event, ())]
    while left:
        path, value, place = left.pop()
        if isinstance(value, dict):
            left.extend((path_of(path, key), part, place) for key, part in value.items())
        elif isinstance(value, list):
            arrays += 1
            for index, part in enumerate(value):
                inside = (*place, (arrays, index)) if isinstance(part, dict | list) else place
                left.append((path, part, inside))
        else:
            leaf = _Boolean(value) if isinstance(value, bool) else value
            found.setdefault(path, []).append((leaf, place))
    return found


def joined(place: Place, other: Place) -> Place | None:
    """Return two positions combined; None if they are in different elements of an array."""
    where = dict(place)
    for array, index in other:
        if where.setdefault(array, index) != index:
            return None
    return tuple(where.items())
