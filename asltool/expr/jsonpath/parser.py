"""Reads a path the way Jayway's PathCompiler does, its oddities and its messages included.

Most paths have neither filters nor calls: what reads those is imported where they are met.

What Jayway takes without a word is taken here too: one last character that nobody reads (``$.a[``), a name
with ``&`` in it, a name right after ``]``. Positions in messages count from the start of the path that is
read, which for a path inside a filter or an argument is not the whole text.

Source: https://github.com/json-path/JsonPath
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Literal

from asltool.expr.jsonpath.errors import Unreadable
from asltool.expr.jsonpath.reader import Reader, unescape
from asltool.expr.jsonpath.steps import (
    Call,
    Filter,
    Indexes,
    Names,
    Query,
    Scan,
    Slice,
    Step,
    Wildcard,
    inverted,
)

__all__ = ["parse"]

_PLAIN = re.compile(r"\$(?:\.\w+)*")
_NAME = re.compile(r"[^ .\[(]*")
_NUMBERS = re.compile(r"[\d,\-: ]*")
_LARGEST = 2**31 - 1


def parse(text: str, offset: int = 0, depth: int = 0) -> Query:
    """Parse a path. One that starts with neither ``$`` nor ``@`` gets ``$.`` put before it.

    Args:
        offset: where the text stands in the whole, for errors.
        depth: how many filters and arguments are around it.

    Raises:
        Unreadable: the text is no path.
    """
    if _PLAIN.fullmatch(text):
        return _plain(text, offset)
    if not text.startswith(("$", "@")):
        text, offset = f"$.{text}", offset - 2
    parser = _PathParser(text, offset, depth)
    parser.trim()
    if parser.text[parser.end - 1] == ".":
        raise Unreadable("Path must not end with a '.' or '..'", offset + parser.end)
    return parser.read()


def _plain(text: str, offset: int) -> Query:
    """Return names after ``$``, as most paths are, without reading them character by character."""
    names = text.split(".")[1:]
    starts = accumulate((len(name) + 1 for name in names[:-1]), initial=offset + 2)
    return Query("$", tuple(Names((name,)) for name in names), tuple(starts)[: len(names)])


def _parse_argument(text: str, offset: int, depth: int) -> Query:
    return _PathParser(text, offset, depth).read()


class _PathParser(Reader):
    __slots__ = ("starts", "steps")

    def read(self) -> Query:
        self.steps: list[Step] = []
        self.starts: list[int] = []
        try:
            return self._read()
        except IndexError:
            raise Unreadable(
                f"java.lang.StringIndexOutOfBoundsException: String index out of range: {len(self.text)}",
                self.offset + len(self.text),
            ) from None

    def _read(self) -> Query:
        root: Literal["$", "@"] = "$" if self.skipped() == "$" else "@"
        if self.position == self.end - 1:
            return Query(root, ())
        self.position += 1
        if self.peek() not in ".[":
            raise self.fail(f"Illegal character at position {self.position} expected '.' or '['")
        self.next_step()
        while self.position < self.end - 1:
            self.next_step()
        is_ignored = self.position == self.end - 1 and not self.is_at(")")
        ignored = self.offset + self.position if is_ignored else None
        return inverted(Query(root, tuple(self.steps), tuple(self.starts), ignored))

    def next_step(self) -> None:
        character = self.peek()
        if character == ".":
            self.after_point()
            return
        self.starts.append(self.offset + self.position)
        if character == "[":
            self.bracket()
        elif character == "*":
            self.position += 1
            self.steps.append(Wildcard())
        elif character == " ":
            raise self.fail(f"Could not parse token starting at position {self.position}")
        else:
            self.name_or_call()

    def after_point(self) -> None:
        if self.is_at(".."):
            self.starts.append(self.offset + self.position)
            self.steps.append(Scan())
            self.position += 2
        elif self.position == self.end - 1:
            raise self.fail("Path must not end with a '.")
        else:
            self.position += 1
        if self.peek() == ".":
            raise self.fail(f"Character '.' on position {self.position} is not valid.")
        self.next_step()

    def name_or_call(self) -> None:
        start = self.position
        found = _NAME.match(self.text, start, self.end)
        end = found.end() if found else start
        if end < self.end and self.text[end] == " ":
            raise self.fail(
                "Use bracket notion ['my prop'] if your property contains blank characters. "
                f"position: {self.position}"
            )
        if end < self.end and self.text[end] == "(":
            self.call(self.text[start:end], end)
        else:
            self.steps.append(Names((self.text[start:end],)))
            self.position = end

    def call(self, name: str, opening: int) -> None:
        """Read a call. Without arguments, its ``)`` is left to be read again, as the start of a name."""
        if _closing(self.text, opening, self.end) < 0:
            raise self.fail(f"Arguments to function: '{name}' are not closed properly.")
        if self.text[opening + 1] == ")":
            self.position = opening + 1
            self.steps.append(Call(name, (), "()"))
            return
        from asltool.expr.jsonpath.arguments import ArgumentReader

        self.position = opening + 1
        arguments = ArgumentReader(self, name, _parse_argument).read()
        self.steps.append(Call(name, arguments, "(...)" if arguments else "()"))

    def bracket(self) -> None:
        for read in (self.names, self.indexes, self.wildcard, self.filter):
            if read():
                return
        self.refuse_placeholder()
        raise self.fail(f"Could not parse token starting at position {self.position}. Expected ?, ', 0-9, * ")

    def names(self) -> bool:
        opening = self.significant(self.position + 1)
        if opening >= self.end or self.text[opening] not in "'\"":
            return False
        quote = self.text[opening]
        names, closed = self._quoted_names(quote)
        end = self.significant(closed + 1)
        if self.text[end] != "]":
            raise self.fail("Property has not been closed - missing closing ]")
        self.steps.append(Names(names, quote))
        self.position = end + 1
        return True

    def _quoted_names(self, quote: str) -> tuple[tuple[str, ...], int]:
        """Read to the ``]`` and return the names and where the last of them was closed."""
        names: list[str] = []
        start, closed, in_name, in_escape, after_comma = 0, 0, False, False, False
        for at in range(self.position + 1, self.end):
            character = self.text[at]
            if in_escape:
                in_escape = False
            elif character == "\\":
                in_escape = True
            elif character == quote:
                if in_name:
                    closed = at
                    names.append(self._quoted_name(start, at))
                start, in_name, after_comma = at + 1, not in_name, False
            elif not in_name and character in ",]":
                if after_comma:
                    raise self.fail(f"Found empty property at index {at}")
                if character == "]":
                    break
                after_comma = True
        if in_name:
            raise self.fail(f"Property has not been closed - missing closing {quote}")
        return tuple(names), closed

    def _quoted_name(self, start: int, end: int) -> str:
        if not (self.significant_is(end + 1, "]") or self.significant_is(end + 1, ",")):
            raise Unreadable(
                "Property must be separated by comma or Property must be terminated close square bracket "
                f"at index {end}",
                self.offset + end,
            )
        try:
            return unescape(self.text[start:end])
        except ValueError as error:
            raise Unreadable(str(error), self.offset + start) from None

    def indexes(self) -> bool:
        """Read ``[0]``, ``[0,1]`` or ``[1:2]``; anything else than numbers is somebody else's."""
        start = self.significant(self.position + 1)
        end = self.find("]", start)
        if end < 0 or start >= self.end or not (self.text[start].isdecimal() or self.text[start] in "-:"):
            return False
        if not _NUMBERS.fullmatch(self.text, start, end):
            return False
        inside = self.text[start:end].strip()
        self.steps.append(self._slice(inside) if ":" in inside else self._indexes(inside))
        self.position = end + 1
        return True

    def _indexes(self, text: str) -> Indexes:
        return Indexes(tuple(self._index(part.strip()) for part in text.split(",")))

    def _index(self, text: str) -> int:
        index = _integer(text)
        if index is None:
            raise self.fail(f"Failed to parse token in ArrayIndexOperation: {text}")
        return index

    def _slice(self, text: str) -> Slice:
        start, stop, *_ = text.split(":")
        if " " in text or "," in text or not (start or stop):
            raise self.fail(f"Failed to parse SliceOperation: {text}")
        return Slice(self._bound(start), self._bound(stop))

    def _bound(self, text: str) -> int | None:
        bound = _integer(text)
        if text and bound is None:
            raise self.fail(f'java.lang.NumberFormatException: For input string: "{text}"')
        return bound

    def wildcard(self) -> bool:
        at = self.significant(self.position + 1)
        if at >= self.end or self.text[at] != "*":
            return False
        end = self.significant(at + 1)
        if end >= self.end or self.text[end] != "]":
            raise self.fail(f"Expected wildcard token to end with ']' on position {at + 1}")
        self.steps.append(Wildcard())
        self.position = end + 1
        return True

    def filter(self) -> bool:
        mark = self.significant(self.position + 1)
        if self.text[mark] != "?":
            return False
        opening = self.significant(mark + 1)
        if self.text[opening] != "(":
            return False
        closing = self.find_closing(opening, "(", ")", skip_patterns=True)
        if closing < 0 or not self.significant_is(closing + 1, "]"):
            return False
        from asltool.expr.jsonpath.filter_parser import FilterParser

        end = self.significant(closing + 1) + 1
        criteria = FilterParser(
            self.text[self.position : end], self.offset + self.position, self.depth + 1, parse
        )
        self.steps.append(Filter(criteria.read()))
        self.position = end
        return True

    def refuse_placeholder(self) -> None:
        """Refuse ``[?]``, which a program can fill in and a text cannot."""
        mark = self.significant(self.position + 1)
        end = self.find("]", mark)
        if self.text[mark] == "?" and end >= 0 and self.text[self.significant(mark + 1)] in ",]":
            inside = self.text[self.position + 1 : end]
            where = f"[{inside}] at position {self.position}"
            raise self.fail(f"Not enough predicates supplied for filter {where}")


def _closing(text: str, opening: int, end: int) -> int:
    """Return where the call's bracket closes, strings or not; -1 if it does not."""
    opened = 0
    for at in range(opening, end):
        opened += (text[at] == "(") - (text[at] == ")")
        if opened == 0:
            return at
    return -1


def _integer(text: str) -> int | None:
    """Return a number as Java's ``Integer.parseInt`` reads it."""
    if not re.fullmatch(r"-?\d{1,10}", text):
        return None
    number = int(text)
    return number if -_LARGEST - 1 <= number <= _LARGEST else None
