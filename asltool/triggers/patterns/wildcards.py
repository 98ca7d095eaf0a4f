"""Wildcards of event patterns: ``*`` stands for any characters, a backslash escapes it and itself."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["compile_wildcard"]


def compile_wildcard(text: str) -> Callable[[str], bool]:
    r"""Return a test for matching strings.

    The time is proportional to the length of the string: each part between two wildcards is matched as early
    as possible.

    Raises ValueError with event-ruler's message, whose positions count the bytes of the quoted string in
    UTF-8.
    """
    first, *others = _parts(text)
    if not others:
        return first.__eq__
    *middle, last = others
    least = len(first) + len(last)

    def test(value: str) -> bool:
        if len(value) < least or not (value.startswith(first) and value.endswith(last)):
            return False
        at, end = len(first), len(value) - len(last)
        for part in middle:
            found = value.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    return test


def _parts(text: str) -> list[str]:
    """Return the parts between the wildcards, with escapes resolved."""
    parts, at = [""], 0
    while at < len(text):
        character, following = text[at], text[at + 1 : at + 2]
        if character == "*":
            if following == "*":
                raise ValueError(f"Consecutive wildcard characters at pos {_position(text, at)}")
            parts.append("")
        elif character == "\\":
            if following not in ("*", "\\"):
                raise ValueError(f"Invalid escape character at pos {_position(text, at)}")
            parts[-1] += following
            at += 1
        else:
            parts[-1] += character
        at += 1
    return parts


def _position(text: str, at: int) -> int:
    return 1 + len(text[:at].encode(errors="replace"))
