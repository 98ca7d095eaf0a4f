"""Expressions in messages, with a caret below."""

from __future__ import annotations

__all__ = ["pointed"]


def pointed(message: str, text: str, offset: int, length: int = 1) -> str:
    """Return a message with the expression below it, and a caret at the error."""
    line = text.replace("\n", " ")
    return f"{message}\n  {line}\n  {' ' * offset}^{'~' * (length - 1)}"
