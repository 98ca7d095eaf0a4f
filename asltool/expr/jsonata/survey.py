"""What an expression has in reach: how large it is, and whether numbers in it need care."""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable
from typing import ClassVar, Final, NamedTuple

from asltool.expr.environment import Json
from asltool.expr.jsonata.exact import numbers_in
from asltool.expr.jsonata.host import is_inexact

__all__ = ["Survey", "survey"]

_PERHAPS: Final = re.compile(
    rb"l(?:[\x04-\xff][\x00-\x03]\x00\x00|[\x00-\xfc][\xfc-\xff]\xff\xff)", re.DOTALL
)
"""How marshal begins a whole number of more than 45 bits: the quick way to know that there is none."""


class Survey(NamedTuple):
    """``size`` is in bytes, about; ``inexact`` if there is a whole number that no double holds."""

    size: int
    inexact: bool


class _Last:
    """The values that were last looked at: the expressions of a state read the same."""

    seen: ClassVar[tuple[tuple[Json, Survey], ...]] = ()


def survey(values: Iterable[Json]) -> Survey:
    """Return what all these values together are like."""
    found = [_of(value) for value in values]
    return Survey(sum(each.size for each in found), any(each.inexact for each in found))


def _of(value: Json) -> Survey:
    if isinstance(value, str):
        return Survey(len(value), False)
    if not isinstance(value, dict | list):
        return Survey(8, isinstance(value, int) and is_inexact(value))
    for seen, found in _Last.seen:
        if seen is value:
            return found
    found = _of_many(value)
    _Last.seen = ((value, found), *_Last.seen[:3])
    return found


def _of_many(value: Json) -> Survey:
    try:
        data = marshal.dumps(value, 2)
    except ValueError:  # Nested too deeply for marshal, and so for the process of its own.
        return Survey(0, _is_inexact(value))
    return Survey(len(data), _PERHAPS.search(data) is not None and _is_inexact(value))


def _is_inexact(value: Json) -> bool:
    return any(isinstance(number, int) and is_inexact(number) for number in numbers_in(value))
