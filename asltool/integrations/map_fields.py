"""Check the evaluated fields of an ItemReader and a ResultWriter, with uniform messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from asltool.syntax.wording import described, listed, quoted

__all__ = ["choice", "text"]


def text(fields: Mapping[str, Any], name: str, default: str | None = None) -> str:
    """Return a string field, which is required unless it has a default.

    Raises:
        ValueError: it is absent or something else.
    """
    value = fields.get(name, default)
    if not isinstance(value, str):
        found = f"not {described(value)}" if name in fields else "but is missing"
        raise ValueError(f'"{name}" must be a string, {found}')
    return value


def choice(fields: Mapping[str, Any], name: str, words: Collection[str], default: str | None = None) -> str:
    """Return a field with one of these values, which is required unless it has a default.

    Raises:
        ValueError: it is absent or something else.
    """
    value = fields.get(name, default)
    if not isinstance(value, str) or value not in words:
        found = f"not {quoted(value)}" if name in fields else "but is missing"
        raise ValueError(f'"{name}" must be {listed(words, "or")}, {found}')
    return value
