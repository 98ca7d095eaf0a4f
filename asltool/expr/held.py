"""Strings of a definition as values: each is parsed once, when it is first looked into."""

from __future__ import annotations

from typing import Self

__all__ = ["Held"]


class Held(str):
    """A string that holds what it was parsed into. It travels to other processes as the string alone."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the string itself if it is such a value, else one made of it."""
        return text if isinstance(text, cls) else cls(text)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (str(self),)
