"""Check the types in a dump, since a value of another type would cause an unclear error later."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

__all__ = ["LATEST", "fit", "made", "take"]

_T = TypeVar("_T")

_HINTS: dict[Any, dict[str, Any]] = {}
"""A cache of class annotations, since evaluating them is slow."""

LATEST = 253_402_300_800
"""The year 10000, in seconds since the epoch: the first timestamp that is not a date."""


def made(kind: type[_T], dumped: Any) -> _T:
    """Restore a dataclass from `dataclasses.asdict`.

    Raises:
        KeyError, TypeError: a field is missing, unknown, or of another type than annotated.
    """
    hints = _HINTS.get(kind) or _HINTS.setdefault(kind, get_type_hints(kind))
    return kind(**{name: fit(name, value, hints[name]) for name, value in dumped.items()})


def take(dumped: Mapping[str, Any], name: str, hint: Any) -> Any:
    """Return a field.

    Raises:
        KeyError: it is missing.
        TypeError: it is of another type than ``hint``.
    """
    return fit(name, dumped[name], hint)


def fit(name: str, value: Any, hint: Any) -> Any:
    """Return the value.

    Raises:
        TypeError: it is of another type than ``hint``, or a timestamp without a date.
    """
    if not _fits(value, hint):
        raise TypeError(f"{name} cannot be {value!r:.80}")
    return value


def _fits(value: Any, hint: Any) -> bool:
    if type(hint) is type:
        return _is_number(value, hint) if hint in (int, float) else type(value) is hint
    origin = get_origin(hint)
    if origin is UnionType:
        return any(_fits(value, each) for each in get_args(hint))
    if origin is Literal:
        return value in get_args(hint)
    if origin is list:
        (inner,) = get_args(hint)
        return isinstance(value, list) and (inner is Any or all(_fits(each, inner) for each in value))
    if origin in (dict, Mapping):
        return isinstance(value, dict)
    return hint is Any


def _is_number(value: Any, hint: type) -> bool:
    """Return whether it is a number; a definition may have 2.0 for an integer."""
    if type(value) not in (int, float) or not -LATEST < value < LATEST:
        return hint is int and type(value) is int
    return hint is float or value % 1 == 0
