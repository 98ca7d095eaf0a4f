"""Parse the content of brackets: names, indexes, a slice, a wildcard or a filter.

The first significant character decides which; anything before it is skipped.

Source: https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

import re
from collections.abc import Callable

from asltool.expr.jsonpath.errors import Unreadable
from asltool.expr.jsonpath.segments import FromEnd, Indexes, NameSelector, Query, Segment, Slice, Wildcard

__all__ = ["BracketReader", "names_in"]

_DECISIVE = re.compile(r"[?'\d:@-]")
_NUMBERS = re.compile(r"[\d,: -]*")
_BOUND = re.compile(r"[\d -]*")
_FROM_END = re.compile(r"@.(?P<function>[^-]*)(?P<offset>-[^)]*)\)", re.DOTALL)


class BracketReader:
    """Parses one pair of brackets; ``text`` includes them, and ``offset`` is its position in the path.

    ``parse`` parses the paths in a filter.
    """

    def __init__(self, text: str, offset: int, depth: int, parse: Callable[[str, int, int], Query]) -> None:
        self.parse = parse
        self.text = text
        self.offset = offset
        self.depth = depth

    def fail(self, message: str, at: int = 0) -> Unreadable:
        return Unreadable(message, self.offset + at, self.depth)

    def read(self) -> Segment:
        if self.text == "[*]":
            return Wildcard()
        found = _DECISIVE.search(self.text)
        if found is None:
            raise self.fail(f"Could not analyze path component: {self.text}")
        if not self.text.endswith("]"):
            raise self.fail('"[" is not closed')
        if found[0] == "?":
            from asltool.expr.jsonpath.filter_parser import FilterParser

            return FilterParser(self.text, self.offset, self.depth, self.parse).read(found.start())
        if found[0] == "'":
            return names_in(self.text[found.start() :])
        return self.from_end(found.start()) if found[0] == "@" else self.numbers(found.start())

    def from_end(self, at: int) -> FromEnd:
        found = _FROM_END.match(self.text, at)
        if found is None:
            raise self.fail("an index from the end is [(@.length-1)], with another number", at)
        function = found["function"].translate(_WITHOUT_BRACKETS)
        if function not in ("size", "length"):
            supported = "[(@.length - n)] and [(@.size() - n)]"
            raise self.fail(f"Invalid function: @.{function}. Supported functions are: {supported}", at)
        return FromEnd(self.integer(found["offset"].replace(" ", ""), at))

    def numbers(self, at: int) -> Indexes | Slice:
        """Read indexes and colons. Numbers after the second bound are ignored."""
        numbers: list[int] = []
        pending, kinds = "", set[str]()
        found = _NUMBERS.match(self.text, at)
        end = found.end() if found else at
        while at < end:
            character = self.text[at]
            if character == ":":
                if pending:
                    numbers.append(self.integer(pending, at))
                else:
                    kinds.add("to")
                bound = _BOUND.match(self.text, at + 1)
                written = bound[0].replace(" ", "") if bound else ""
                at += len(bound[0]) if bound else 0
                if pending and not written:
                    kinds.add("from")
                else:
                    numbers.append(self.integer(written, at))
                pending = ""
                at += self.text[at + 1] != "]"
            elif character == ",":
                numbers.append(self.integer(pending, at))
                kinds.add("list")
                pending = ""
            elif character != " ":
                pending += character
            at += 1
        if pending:
            numbers.append(self.integer(pending, at))
        return _step(numbers, kinds)

    def integer(self, text: str, at: int) -> int:
        """Return a number as parsed by Java's ``Integer.parseInt``."""
        number = int(text) if re.fullmatch(r"-?\d{1,10}", text) else None
        if number is None or not -(2**31) <= number < 2**31:
            raise self.fail(f'"{text}" is not an index', at)
        return number


_WITHOUT_BRACKETS = str.maketrans("", "", " ()")


def _step(numbers: list[int], kinds: set[str]) -> Indexes | Slice:
    if len(numbers) == 1 and not kinds & {"to", "from"}:
        return Indexes((numbers[0],))
    if "list" in kinds:
        return Indexes(tuple(numbers))
    if "from" in kinds:
        return Slice(numbers[0], None)
    return Slice(None, numbers[0]) if "to" in kinds else Slice(numbers[0], numbers[1])


def names_in(text: str) -> NameSelector:
    """Return the names in quotes up to the first ``]``; an unclosed name is ignored.

    There are no escapes: a backslash is an ordinary character, and a quote always ends a name.
    """
    parts = text[: text.index("]")].split("'")
    return NameSelector(tuple(parts[1:-1:2]))
