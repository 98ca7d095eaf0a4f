"""Check the signature of a JSONata function: ``<a<s>-n?:s>``.

Source: https://docs.jsonata.org/2.0.0/embedding-extending and the behaviour of jsonata-js 2.0.6
"""

from __future__ import annotations

__all__ = ["signature_fault"]

_TYPES = "snblofjxa"
_CLOSING = {"(": ")", "<": ">"}


def signature_fault(text: str) -> tuple[str, str] | None:
    """Return JSONata's code and our message for an error in a signature, given with its ``<`` and ``>``."""
    position, before = 1, ""
    while position < len(text) and text[position] != ":":
        char = text[position]
        end = _closing(text, position) if char in _CLOSING else position
        if char == "(":
            if "<" in text[position + 1 : end]:
                return "S0402", "a choice of types cannot have a type with a parameter"
            before = char
        elif char == "<" and before not in ("a", "f"):
            return "S0401", 'only the types "a" and "f" have a parameter'
        elif char in _TYPES:
            before = char
        position = end + 1
    return None


def _closing(text: str, start: int) -> int:
    """Return the position of the bracket that closes the one at ``start``, or the end of the text."""
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] == text[start]) - (text[position] == _CLOSING[text[start]])
        if depth == 0:
            return position
    return len(text)
