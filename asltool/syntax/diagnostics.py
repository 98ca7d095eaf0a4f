"""Findings about a document, as rules report them, and the excerpt that a `Diagnostic` shows."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from asltool.diagnostic import Diagnostic, Edit, Severity, Span
from asltool.syntax.model import Pointer

__all__ = [
    "Add",
    "Change",
    "Diagnostic",
    "Edit",
    "Finding",
    "Rewrite",
    "Severity",
    "Span",
    "excerpt",
]

_WIDEST_LINE = 100
_BEFORE_CARET = 60


class Rewrite(NamedTuple):
    """Replace the string at a pointer; with ``key``, the key before that value."""

    pointer: Pointer
    text: str
    key: bool = False


class Add(NamedTuple):
    """Add a field to the object at a pointer."""

    pointer: Pointer
    field: str
    value: bool | int | str


Change = Rewrite | Add
"""One step of a fix, said in terms of the value; the document knows where that is in its text."""


class Finding(NamedTuple):
    """A problem that has no line and column yet.

    ``pointer`` leads to the value it is about; with ``key``, to the key before that value. ``within`` is a
    part of a string value: the offsets where it starts and ends, in characters of the value. ``fix`` is given
    where there is one safe fix. ``limit`` is the smallest or largest number allowed, for a value beyond it.
    """

    pointer: Pointer
    message: str
    key: bool = False
    within: tuple[int, int] | None = None
    fix: tuple[Change, ...] = ()
    limit: int | float | None = None


def excerpt(text: str, span: Span) -> str:
    """Return the line of a span with its number, and a caret below it: two lines without a final newline.

    Long lines are cut around the caret. The caret allows for wide characters and tabs. Control characters are
    shown as ``·``.
    """
    lines = _lines(text)
    line = lines[span.line - 1].rstrip("\r") if span.line <= len(lines) else ""
    start = span.column - 1
    first, last = _window(line, start)
    before = "".join(
        "\t" if character == "\t" else " " * _width(character) for character in line[first:start]
    )
    marked = max(1, sum(map(_width, line[start : min(start + span.length, last)])))
    head, tail = "…" * (first > 0), "…" * (last < len(line))
    number = str(span.line)
    shown = "".join(
        character if character.isprintable() or character == "\t" else "·" for character in line[first:last]
    )
    caret = f"{' ' * len(head)}{before}^{'~' * (marked - 1)}"
    return f"  {number} | {head}{shown}{tail}\n  {' ' * len(number)} | {caret}"


@lru_cache(maxsize=1)
def _lines(text: str) -> list[str]:
    """Cached, because the next finding is usually in the same text."""
    return text.split("\n")


def _window(line: str, start: int) -> tuple[int, int]:
    """Return the part of a line to show, as offsets."""
    if len(line) <= _WIDEST_LINE:
        return 0, len(line)
    first = min(max(0, start - _BEFORE_CARET), len(line) - _WIDEST_LINE)
    return first, first + _WIDEST_LINE


def _width(character: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
