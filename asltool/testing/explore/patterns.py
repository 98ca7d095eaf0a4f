"""Strings that match a regular expression of JSONata."""

from __future__ import annotations

import re
import string
import warnings
from collections.abc import Callable
from itertools import product

__all__ = ["compiled", "matching"]

_MOST = 8
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_QUANTIFIER = re.compile(r"(?:\{(\d+)(?:,\d*)?\}|([*+?]))[?]?")
_GROUP = re.compile(r"\((?:\?:|\?<\w+>)?")
_AROUND = re.compile(r"\(\?<?[=!]")
_ESCAPED = {
    "d": "0",
    "D": "x",
    "w": "a",
    "W": "-",
    "s": " ",
    "S": "x",
    "b": "",
    "B": "",
    "n": "\n",
    "t": "\t",
}
_ANYWHERE = {"^": "", "$": "", ".": "x"}


def compiled(regex: str) -> re.Pattern[str] | None:
    """Return Python's form of a regular expression with slashes and flags; None if it has none."""
    body, _, flags = regex[1:].rpartition("/")
    body = body.replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!")
    number = (re.IGNORECASE if "i" in flags else 0) | (re.MULTILINE if "m" in flags else 0)
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(body, number | re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None


def matching(regex: str) -> list[str]:
    """Return a few strings that match a regular expression, one for each alternative; often the shortest.

    There are none for lookarounds that rule them all out, and for back references.
    """
    pattern = compiled(regex)
    if pattern is None:
        return []
    found = _Reader(regex[1:].rpartition("/")[0]).alternatives()
    return [text for text in found if pattern.search(text)]


class _Reader:
    """Reads a regular expression; each method returns strings that match the part that it reads."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def _is_at(self, characters: str) -> bool:
        return self._at < len(self._text) and self._text[self._at] in characters

    def alternatives(self) -> list[str]:
        found = self._sequence()
        while self._is_at("|"):
            self._at += 1
            found += self._sequence()
        return found[:_MOST]

    def _sequence(self) -> list[str]:
        found = [""]
        while self._at < len(self._text) and not self._is_at("|)"):
            found = ["".join(pair) for pair in product(found, self._quantified())][:_MOST]
        return found

    def _quantified(self) -> list[str]:
        found = self._atom()
        quantifier = _QUANTIFIER.match(self._text, self._at)
        if quantifier is None:
            return found
        self._at = quantifier.end()
        if quantifier[2]:
            return found if quantifier[2] == "+" else ["", *found]
        least = min(int(quantifier[1]), 1000)
        return [text * least for text in found]

    def _atom(self) -> list[str]:
        for pattern, read in self._ATOMS:
            found = pattern.match(self._text, self._at)
            if found is not None:
                self._at = found.end()
                return read(self, found[0])
        raise AssertionError("a part of a regular expression that is not read")

    def _group(self, _: str) -> list[str]:
        found = self.alternatives()
        self._at += 1
        return found

    def _around(self, _: str) -> list[str]:
        self._group("")
        return [""]

    def _class(self, text: str) -> list[str]:
        member = compiled(f"/{text}/")
        found = (each for each in string.printable if member is not None and member.fullmatch(each))
        return [next(iter(sorted(found, key=lambda each: not each.isalnum())), "")]

    def _escaped(self, text: str) -> list[str]:
        return [_ESCAPED.get(text[1], text[1])]

    def _other(self, text: str) -> list[str]:
        return [_ANYWHERE.get(text, text)]

    _ATOMS: tuple[tuple[re.Pattern[str], Callable[[_Reader, str], list[str]]], ...] = (
        (_AROUND, _around),
        (_GROUP, _group),
        (_CLASS, _class),
        (re.compile(r"\\."), _escaped),
        (re.compile(r"(?s:.)"), _other),
    )
