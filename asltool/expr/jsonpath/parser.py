"""Parse a path as the library does, including its oddities.

Most paths consist only of names, which are parsed at once; the parsers of brackets and filters are imported
on first use. Messages are those of the library; where it passes on a Java exception, they are ours.

Source: https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

import re
from typing import Literal

from asltool.expr.jsonpath.errors import Unreadable
from asltool.expr.jsonpath.segments import (
    BLANKS,
    Descendants,
    NameSelector,
    Query,
    RootSign,
    Segment,
    Wildcard,
)

__all__ = ["parse"]

_DEEPEST = 50
"""What Java's ``trim`` takes away."""

_PLAIN = re.compile(r"\$(?:\.\w+)*")
_NAME = re.compile(r"[^ .\[]*")
_BRACKET = re.compile(r"[\[\]]")


def parse(text: str, offset: int = 0, depth: int = 0) -> Query:
    """Parse a path that starts with ``$`` or ``@``.

    Args:
        offset: the position of the text in the whole, for errors and the positions of the steps.
        depth: the number of filters around it.

    Raises:
        Unreadable: the text is not a path.
    """
    if _PLAIN.fullmatch(text):
        return _plain(text, offset)
    if not text.startswith(("$", "@")):
        raise Unreadable('a path must start with "$"', offset, depth)
    return _PathParser(text.rstrip(BLANKS), offset, depth).read()


def _plain(text: str, offset: int) -> Query:
    """Return the names after ``$``, which most paths consist of, without reading single characters."""
    names = text.split(".")[1:]
    starts, start = [], offset + 2
    for name in names:
        starts.append(start)
        start += len(name) + 1
    return Query("$", tuple([NameSelector((name,)) for name in names]), tuple(starts))


class _PathParser:
    def __init__(self, text: str, offset: int, depth: int) -> None:
        self.text = text
        self.offset = offset
        self.depth = depth
        self.at = 1
        self.segments: list[Segment] = []
        self.starts: list[int] = []

    def fail(self, message: str, at: int) -> Unreadable:
        return Unreadable(message, self.offset + at, self.depth)

    def read(self) -> Query:
        text, root = self.text, self.text[0]
        if self.depth > _DEEPEST:
            raise self.fail("the path is nested too deeply", 0)
        if text.endswith(".."):
            raise self.fail("A path can not end with a scan.", len(text) - 2)
        if len(text) > 1 and text[1] not in ".[":
            raise self.fail(f"Invalid path ${text[1:]}", 1)
        while self.at < len(text):
            self.next_step(text[self.at])
        kind: Literal["$", "@"] = "$" if root == "$" else "@"
        return Query(kind, tuple(self.segments), tuple(self.starts))

    def next_step(self, character: str) -> None:
        if character == "[":
            self.bracket()
        elif character == ".":
            self.point()
        elif character == "*":
            self.add(Wildcard(), self.at + 1)
        elif character == "$":
            self.add(RootSign(), self.at + 1)
        else:
            self.name()

    def add(self, step: Segment, end: int) -> None:
        self.segments.append(step)
        self.starts.append(self.offset + self.at)
        self.at = end

    def point(self) -> None:
        """Parse ``..``, or a ``.`` and the name that may follow it."""
        following = self.text[self.at + 1 : self.at + 2]
        if not following:
            raise self.fail('a path must not end with "."', self.at)
        if following == ".":
            self.add(Descendants(), self.at + 2)
            return
        self.at += 1
        if following not in " [":
            self.name()

    def name(self) -> None:
        found = _NAME.match(self.text, self.at)
        name = found[0] if found else ""
        if not name:
            raise self.fail("Space not allowed in path", self.at)
        end = self.at + len(name)
        if name == "*":
            self.add(Wildcard(), end)
        elif "'" in name or "]" in name:
            # The library puts every name in brackets and parses these.
            from asltool.expr.jsonpath.brackets import names_in

            self.add(names_in(f"'{name}']"), end)
        else:
            self.add(NameSelector((name,)), end)

    def bracket(self) -> None:
        from asltool.expr.jsonpath.brackets import BracketReader

        end = self.bracket_end()
        reader = BracketReader(self.text[self.at : end], self.offset + self.at, self.depth, parse)
        self.add(reader.read(), end)

    def bracket_end(self) -> int:
        """Return where the bracket ends: nested brackets are counted, quotes are ignored."""
        opened = 0
        for found in _BRACKET.finditer(self.text, self.at):
            opened += 1 if found[0] == "[" else -1
            if opened == 0:
                return found.end()
        return len(self.text)
