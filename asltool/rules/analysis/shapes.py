"""What is known about a JSON value before the run.

A shape describes what a value may be, never what it must be: a member that is not in the shape of an object
is certainly not in the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from typing import Any, NamedTuple

from asltool.syntax.placeholders import has_placeholder

__all__ = [
    "NOTHING",
    "UNKNOWN",
    "Shape",
    "any_item",
    "array_of",
    "item",
    "join",
    "member",
    "object_of",
    "scalar_of",
    "shape_of",
    "written",
]

_LARGEST = 500
"""How many values a shape tells apart; beyond that, what is inside an object or array is unknown."""

_MOST_ITEMS = 16
"""Arrays up to this length are known item by item, longer ones by what all of their items have in common."""

_MOST_MAKERS = 4


class Shape(NamedTuple):
    """A value that may be an object, an array or a scalar, unless these are ruled out.

    ``anything`` rules nothing out. ``members`` are those that an object may have, None if the value is not an
    object; with ``others`` it may have more. ``items`` are those of an array, None if the value is not an
    array; with ``repeated`` it has any number of items of one shape. ``makers`` names the states that made
    the value, the first few of them in alphabetical order. ``height`` counts levels.
    """

    anything: bool = False
    members: Mapping[str, Shape] | None = None
    others: bool = False
    items: tuple[Shape, ...] | None = None
    repeated: bool = False
    scalar: bool = False
    makers: tuple[str, ...] = ()
    size: int = 1


UNKNOWN = Shape(anything=True)
"""Any value."""

NOTHING = Shape()
"""No value: this point is never reached."""


def object_of(members: Mapping[str, Shape], makers: tuple[str, ...], others: bool = False) -> Shape:
    """Return the shape of an object; `NOTHING` if one of its members never exists."""
    if NOTHING in members.values():
        return NOTHING
    return _sized(makers, members=members, others=others)


def array_of(items: Iterable[Shape], makers: tuple[str, ...], repeated: bool = False) -> Shape:
    """Return the shape of an array with these items or, if ``repeated``, with any number of one item."""
    items = tuple(items)
    if not repeated and NOTHING in items:
        return NOTHING
    if len(items) > _MOST_ITEMS:
        items, repeated = (reduce(join, items),), True
    return _sized(makers, items=items, repeated=repeated)


def _sized(
    makers: tuple[str, ...],
    members: Mapping[str, Shape] | None = None,
    others: bool = False,
    items: tuple[Shape, ...] | None = None,
    repeated: bool = False,
    scalar: bool = False,
) -> Shape:
    """Make a shape; if it is too large, its parts become unknown."""
    size = 1
    for part in (*(members or {}).values(), *(items or ())):
        size += part.size
    if size > _LARGEST:
        members = None if members is None else dict.fromkeys(members, UNKNOWN)
        items = None if items is None else (UNKNOWN,) * len(items)
        size = 1 + len(members or ()) + len(items or ())
    return Shape(False, members, others, items, repeated, scalar, makers, size)


@lru_cache(maxsize=1024)
def scalar_of(makers: tuple[str, ...]) -> Shape:
    """Return the shape of a string, a number, a boolean or null."""
    return Shape(scalar=True, makers=makers)


def shape_of(value: Any, makers: tuple[str, ...]) -> Shape:
    """Return the shape of a constant. A placeholder may become anything."""
    if has_placeholder(value):
        return UNKNOWN
    if isinstance(value, dict):
        members = {key: shape_of(part, makers) for key, part in value.items()}
        return object_of(members, makers, any(map(has_placeholder, value)))
    if isinstance(value, list):
        return array_of((shape_of(part, makers) for part in value), makers)
    return scalar_of(makers)


def member(shape: Shape, name: str) -> Shape:
    """Return the shape of a member; `NOTHING` if it never exists."""
    if shape.anything:
        return UNKNOWN
    if shape.members is None:
        return NOTHING
    return shape.members.get(name, UNKNOWN if shape.others else NOTHING)


def item(shape: Shape, index: int) -> Shape:
    """Return the shape of an item of an array; `NOTHING` if the value is not an array.

    An index beyond the end gives null in some cases, so its value is unknown.
    """
    if shape.items is None:
        return UNKNOWN if shape.anything else NOTHING
    if shape.repeated:
        return UNKNOWN if shape.items[0] == NOTHING else shape.items[0]
    return shape.items[index] if -len(shape.items) <= index < len(shape.items) else UNKNOWN


def any_item(shape: Shape) -> Shape:
    """Return the shape of each item of an array; `NOTHING` if the array is certainly empty."""
    return UNKNOWN if shape.items is None else reduce(join, shape.items, NOTHING)


def join(one: Shape, other: Shape) -> Shape:
    """Return the shape of a value that has one shape or the other."""
    if one is other or other in (NOTHING, one):
        return one
    if one == NOTHING:
        return other
    if one.anything or other.anything:
        return UNKNOWN
    items, repeated = _joined_items(one, other)
    makers = one.makers
    if makers != other.makers:
        makers = tuple(sorted({*makers, *other.makers}))[:_MOST_MAKERS]
    return _sized(
        makers,
        _joined_members(one, other),
        one.others or other.others,
        items,
        repeated,
        one.scalar or other.scalar,
    )


def _joined_members(one: Shape, other: Shape) -> Mapping[str, Shape] | None:
    """Return the members of both. A member that one side may have in any shape is unknown."""
    if one.members is None or other.members is None:
        return other.members if one.members is None else one.members
    joined = {name: join(shape, other.members.get(name, NOTHING)) for name, shape in one.members.items()}
    joined |= {name: shape for name, shape in other.members.items() if name not in joined}
    unknown = [
        name
        for name in joined
        if (one.others and name not in one.members) or (other.others and name not in other.members)
    ]
    return {name: shape for name, shape in joined.items() if name not in unknown} if unknown else joined


def _joined_items(one: Shape, other: Shape) -> tuple[tuple[Shape, ...] | None, bool]:
    if one.items is None or other.items is None:
        found = one if other.items is None else other
        return found.items, found.repeated
    if len(one.items) == len(other.items) and one.repeated == other.repeated:
        return tuple(map(join, one.items, other.items)), one.repeated
    return (reduce(join, (*one.items, *other.items), NOTHING),), True


def written(shape: Shape, names: tuple[str, ...], value: Shape, makers: tuple[str, ...]) -> Shape:
    """Return the shape of a value after another one is written into it; missing objects are created."""
    if not names or NOTHING in (shape, value):
        return value if shape != NOTHING else NOTHING
    name, *rest = names
    below = member(shape, name)
    if below == NOTHING:
        below = object_of({}, makers)
    below = written(below, tuple(rest), value, makers)
    plain = shape.members is not None and shape.items is None and not shape.scalar
    return object_of(
        {**(shape.members or {}), name: below}, shape.makers or makers, shape.others or not plain
    )
