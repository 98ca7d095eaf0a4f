"""The evaluated fields of an ItemReader and a ResultWriter: a wrong one is told of in one way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from asltool.syntax.wording import described, listed, quoted

__all__ = ["choice", "text"]


def text(fields: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Return a field that must be a string; without a default it must be there.

    Raises:
        ValueError: it is absent or something else.
    """
    value = fields.get(name, default)
    if not isinstance(value, str):
        found = described(value) if name in fields else "absent"
        raise ValueError(f'"{name}" must be a string. it is {found}')
    return value


def choice(fields: Mapping[str, Any], name: str, words: Collection[str], default: str | None = None) -> str:
    """Return a field that must be one of some words; without a default it must be there.

    Raises:
        ValueError: it is absent or something else.
    """
    value = fields.get(name, default)
    if not isinstance(value, str) or value not in words:
        found = quoted(value) if name in fields else "absent"
        raise ValueError(f'"{name}" must be {listed(words, "or")}. it is {found}')
    return value
