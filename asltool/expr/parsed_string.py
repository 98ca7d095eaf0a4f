"""Strings of a definition as values: each is parsed once, on first use."""

from __future__ import annotations

from typing import Self

__all__ = ["ParsedString"]


class ParsedString(str):
    """A string that caches the result of parsing it. Pickling keeps only the string."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the string itself if it has this type, else convert it."""
        return text if isinstance(text, cls) else cls(text)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (str(self),)
