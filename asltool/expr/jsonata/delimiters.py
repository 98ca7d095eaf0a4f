"""``{% %}``, the sign of an expression: all that a text without one needs to know of JSONata."""

from __future__ import annotations

__all__ = ["expression_in", "is_expression"]


def is_expression(text: str) -> bool:
    """Return whether a string is an expression: ``{%`` and ``%}`` are its very ends, no blank around them."""
    return text.startswith("{%") and text.endswith("%}") and len(text) >= 4


def expression_in(text: str) -> tuple[str, int]:
    """Return the expression inside ``{% %}``, without blanks around it, and the offset where it begins.

    A text without ``{% %}`` is taken as the expression itself.
    """
    inside = text[2:-2] if is_expression(text) else text
    return inside.strip(), text.find(inside.strip(), 2 if is_expression(text) else 0)
