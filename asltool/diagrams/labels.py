"""Text in a diagram: make every character visible, shorten it, and break it into lines that fit a box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import east_asian_width

__all__ = ["BROKEN", "NAME_WIDTH", "elide", "shorten", "visible", "wrap"]

NAME_WIDTH: Final = 32
"""How many columns a line of a state's name may take."""

BROKEN: Final = "↵"
"""Marks a line break inside a word."""

_UNDRAWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SEAM = re.compile(r"(?<=[_\-./:,])|(?<=[a-z0-9])(?=[A-Z])")
_WORD = re.compile(r"\S+\s*|\s+")


def visible(text: str) -> str:
    """Return the text without characters that XML and DOT cannot represent.

    Control characters become their symbols (a tab ``␉``); unpaired surrogates and similar characters become
    ``�``.
    """
    return _UNDRAWABLE.sub(_picture, text)


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"


def shorten(text: str, length: int) -> str:
    """Return the text with its end replaced by ``…`` if it has more than ``length`` characters."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def elide(text: str, length: int) -> str:
    """Return the text with its middle replaced by ``…`` if it has more than ``length`` characters.

    More of the end is kept than of the beginning, because paths, ARNs and conditions usually differ at the
    end.
    """
    if len(text) <= length:
        return text
    end = (length - 1) * 2 // 3
    return f"{text[: length - 1 - end].rstrip()}…{text[len(text) - end :].lstrip()}"


def wrap(text: str, width: int) -> tuple[str, ...]:
    """Break text into visible lines of at most ``width`` columns; only spaces at a break are lost.

    Lines end at a line feed or else, in this order of preference, at a space, at a word boundary in a name
    (``snake_``, ``kebab-``, ``camel|Case``), or anywhere. A line that does not end at a space ends in
    `BROKEN`. East Asian characters take two columns.
    """
    if len(text) <= width and text.isascii() and text.isprintable():
        return (text,)
    return tuple(line for part in text.split("\n") for line in _fill(visible(part), width))


def _fill(text: str, width: int) -> Iterator[str]:
    if _columns(text) <= width:
        yield text
        return
    line = ""
    for word in _WORD.findall(text):
        if line and _columns(line + word.rstrip()) > width:
            yield line.strip()
            line = ""
        if _columns(word.rstrip()) <= width:
            line += word
            continue
        *parts, line = _parts(word, width)
        yield from (f"{part}{BROKEN}" for part in parts)
    yield line.strip()


def _parts(word: str, width: int) -> list[str]:
    """Break a word that is wider than a line; each part has room for the mark."""
    room = max(1, width - 1)
    parts = [""]
    for piece in _SEAM.split(word):
        for part in _cut(piece, room):
            if parts[-1] and _columns(parts[-1] + part.rstrip()) > room:
                parts.append("")
            parts[-1] += part
    return parts


def _cut(text: str, width: int) -> Iterator[str]:
    line, columns = "", 0
    for character in text:
        wide = _columns(character)
        if columns + wide > width:
            yield line
            line, columns = "", 0
        line += character
        columns += wide
    yield line


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
