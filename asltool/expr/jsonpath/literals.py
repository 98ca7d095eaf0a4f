"""JSON inside a path, as loosely as Jayway's JSON library takes it: ``['x', y, {z: 1}]``.

Source: https://github.com/netplex/json-smart-v2
"""

from __future__ import annotations

import math
import re

from asltool.expr.environment import Json
from asltool.expr.jsonpath.reader import UNESCAPED, unescape

__all__ = ["read_literal", "read_number"]

_NUMBER = re.compile(r"[+-]?(?:(\d{1,4000})|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_DEEPEST = 100
_SPACE = re.compile(r"[\s,]*")
_KEY = re.compile(r"[^:,{}]*")
_ALL = re.compile(r"(?s:.*)")
_BARE = re.compile(r"[^,\]}]*")
_WORDS = {"true": True, "false": False, "null": None}


def read_literal(text: str) -> Json:
    """Return the value of a literal. A word that is nothing else is a string; commas too many do not count.

    Raises:
        ValueError: a bracket or a quote is not closed, or something follows.
    """
    reader = _Literal(text)
    value = reader.value(_ALL, 0)
    if reader.skip() != len(text):
        raise ValueError(f"unexpected text at {reader.at}")
    return value


class _Literal:
    """Reads a literal once, from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip(self) -> int:
        """Go on to what is neither space nor comma."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at

    def take(self, character: str) -> bool:
        found = self.text.startswith(character, self.skip())
        self.at += found
        return found

    def value(self, bare: re.Pattern[str], depth: int) -> Json:
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")
        if self.take("["):
            return self.array(depth + 1)
        if self.take("{"):
            return self.object(depth + 1)
        for quote in "'\"":
            if self.take(quote):
                return unescape(self.matched(UNESCAPED[quote])[:-1])
        return _scalar(self.matched(bare).strip())

    def matched(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None or not found[0]:
            raise ValueError(f"unexpected text at {self.at}")
        self.at = found.end()
        return found[0]

    def array(self, depth: int) -> list[Json]:
        items: list[Json] = []
        while not self.take("]"):
            items.append(self.value(_BARE, depth))
        return items

    def object(self, depth: int) -> dict[str, Json]:
        members: dict[str, Json] = {}
        while not self.take("}"):
            key = self.value(_KEY, depth)
            if not self.take(":"):
                raise ValueError(f"expected a colon at {self.at}")
            members[str(key)] = self.value(_BARE, depth)
        return members


def _scalar(text: str) -> Json:
    if text in _WORDS:
        return _WORDS[text]
    number = read_number(text)
    return text if number is None else number


def read_number(text: str) -> int | float | None:
    """Return the number that Java's BigDecimal reads in a text; None if it reads none, or too large a one."""
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    number = int(text) if found[1] else float(text)
    return None if number in (math.inf, -math.inf) else number
