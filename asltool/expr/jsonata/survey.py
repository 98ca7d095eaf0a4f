"""Measure the data that an expression reads: its size, and whether a double can represent its numbers."""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, Final, NamedTuple

from asltool.expr.environment import Json
from asltool.expr.jsonata.exact import numbers_in
from asltool.expr.jsonata.host import is_inexact

__all__ = ["Survey", "are_plain", "survey"]

_PERHAPS: Final = re.compile(
    rb"l(?:[\x04-\xff][\x00-\x03]\x00\x00|[\x00-\xfc][\xfc-\xff]\xff\xff)", re.DOTALL
)
"""How marshal begins a whole number of more than 45 bits: the quick way to know that there is none."""


class Survey(NamedTuple):
    """``size`` is the approximate number of bytes; ``inexact`` if a double cannot represent some integer."""

    size: int
    inexact: bool


_SAFE: Final = 1 << 53
"""Every whole number up to this one is a double."""

_SMALL: Final = frozenset((bool, float, type(None)))

_EMPTY: Final = Survey(0, False)


class _Last:
    """The values that were surveyed last, because the expressions of a state read the same ones."""

    seen: ClassVar[tuple[tuple[Json, Survey], ...]] = ()


def are_plain(values: Mapping[str, Json], paths: Iterable[tuple[str, ...]]) -> bool:
    """Return whether all values at the paths are small, such as counters, so that no survey is needed."""
    for path in paths:
        value: Json = values
        for name in path:
            if type(value) is not dict:
                break
            value = value.get(name)
        kind = type(value)
        if kind is int:
            if not -_SAFE <= value <= _SAFE:
                return False
        elif kind not in _SMALL:
            return False
    return True


def survey(values: Iterable[Json]) -> Survey:
    """Return the survey of all these values together."""
    size, inexact = 0, False
    for value in values:
        kind = type(value)
        if kind is dict or kind is list:
            found = _of(value)
            size += found.size
            inexact = inexact or found.inexact
        elif kind is str:
            size += len(value)
        elif kind is int and not -_SAFE <= value <= _SAFE:
            inexact = inexact or is_inexact(value)
    return Survey(size, inexact) if size or inexact else _EMPTY


def _of(value: Json) -> Survey:
    if not value:
        return _EMPTY
    for seen, found in _Last.seen:
        if seen is value:
            return found
    found = _of_many(value)
    _Last.seen = ((value, found), *_Last.seen[:3])
    return found


def _of_many(value: Json) -> Survey:
    try:
        data = marshal.dumps(value, 2)
    except ValueError:  # Nested too deeply for marshal, and so for the separate process.
        return Survey(0, _is_inexact(value))
    return Survey(len(data), _PERHAPS.search(data) is not None and _is_inexact(value))


def _is_inexact(value: Json) -> bool:
    return any(isinstance(number, int) and is_inexact(number) for number in numbers_in(value))
