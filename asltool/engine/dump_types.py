"""What a dump is made of, checked: a value of another type would go wrong only later, and nobody knew why."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

__all__ = ["LATEST", "fit", "made", "take"]

_T = TypeVar("_T")

_HINTS: dict[Any, dict[str, Any]] = {}
"""The annotations of classes that were asked for, for working them out takes long."""

LATEST = 1e11
"""Seconds since the epoch that still are a date, with room for all that may be waited."""


def made(kind: type[_T], dumped: Any) -> _T:
    """Make a dataclass anew from what `dataclasses.asdict` made of it.

    Raises:
        KeyError, TypeError: a field is missing, there is no such, or it is of another type than annotated.
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
        TypeError: it is of another type than ``hint``; moments have to be such that there is a date.
    """
    if not _fits(value, hint):
        raise TypeError(f"{name} cannot be {value!r:.80}")
    return value


def _fits(value: Any, hint: Any) -> bool:
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
    if hint is float:
        return type(value) in (int, float) and -LATEST < value < LATEST
    return hint is Any or type(value) is hint
