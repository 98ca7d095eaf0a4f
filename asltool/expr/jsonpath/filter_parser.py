"""Parse a filter, ``[?(@.a == 1 && @.b)]``.

The text is split at every ``&&`` and ``||``, even in quotes. Brackets around the pieces are removed, so they
do not group: ``&&`` always binds tighter.

Source: https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from asltool.expr.jsonpath.errors import Unreadable
from asltool.expr.jsonpath.segments import (
    BLANKS,
    ExistenceTest,
    Filter,
    FilterComparison,
    FilterTest,
    Operand,
    Query,
)

if TYPE_CHECKING:
    from asltool.expr.jsonpath.regex import RegexPattern

__all__ = ["OPERATORS", "FilterParser"]

OPERATORS = ("==", ">=", "<=", "!=", "<", ">", "=~")
"""In the order in which they are looked for: the first that occurs anywhere is the operator."""

_MARK = re.compile(r"[\[\]()']")
_CUT = re.compile(r"(?<=&&|\|\|)|(?=&&|\|\|)")


class FilterParser:
    """Parses one filter; ``text`` is the whole bracket, and ``offset`` is its position in the path.

    ``parse`` parses the paths in it.
    """

    def __init__(self, text: str, offset: int, depth: int, parse: Callable[[str, int, int], Query]) -> None:
        self.parse = parse
        self.text = text
        self.offset = offset
        self.depth = depth

    def fail(self, message: str, at: int) -> Unreadable:
        return Unreadable(message, self.offset + at, self.depth)

    def read(self, mark: int) -> Filter:
        """Parse the filter whose ``?`` is at ``mark``."""
        start = self.text.rindex("[", 0, mark)
        end = self.end(start)
        inner, at, after = self.trimmed(start + 1, end - 1)
        if not inner.startswith("?"):
            raise self.fail(f"Filter must start with '[?' and end with ']'. {inner}", at)
        inner, at, after = self.trimmed(at + 1, after)
        if not inner.startswith("(") or not inner.endswith(")"):
            raise self.fail(f"Filter must start with '[?(' and end with ')]'. {inner}", at)
        return Filter(self.alternatives(*self.trimmed(at + 1, after - 1)[1:]), self.text[start:end])

    def end(self, start: int) -> int:
        """Return the end of the filter: a ``]`` outside quotes, with all parentheses closed."""
        opened = {"(": 0, "[": 0}
        quoted = False
        for found in _MARK.finditer(self.text, start):
            character, at = found[0], found.start()
            if character == "'":
                quoted ^= self.text[at - 1] != "\\"
            elif quoted:
                continue
            elif character in "([":
                opened[character] += 1
            else:
                opened["(" if character == ")" else "["] -= 1
                if character == "]" and opened["("] == 0:
                    if opened["["]:
                        raise self.fail("Filter brackets are not balanced", at)
                    return at + 1
        raise self.fail("the filter is not closed: a bracket or a quote is missing", start)

    def trimmed(self, start: int, end: int) -> tuple[str, int, int]:
        """Return a part without surrounding blanks, and its bounds."""
        while start < end and self.text[start] in BLANKS:
            start += 1
        while start < end and self.text[end - 1] in BLANKS:
            end -= 1
        return self.text[start:end], start, end

    def alternatives(self, start: int, end: int) -> tuple[tuple[FilterTest, ...], ...]:
        alternatives: list[list[FilterTest]] = [[]]
        wants_condition = True
        for piece in _CUT.split(self.text[start:end]):
            joins = piece.strip(BLANKS) in ("&&", "||")
            if joins and wants_condition:
                raise self.fail(_NO_CONDITION, start)
            if not joins:
                alternatives[-1].append(self.condition(*self.cleaned(start, start + len(piece))))
            elif piece == "||":
                alternatives.append([])
            wants_condition = joins
            start += len(piece)
        if wants_condition:
            raise self.fail(_NO_CONDITION, start)
        return tuple(map(tuple, alternatives))

    def cleaned(self, start: int, end: int) -> tuple[int, int]:
        """Remove what the library removes around a piece."""
        first = start
        _, start, end = self.trimmed(start, end)
        while start < end and self.text[start] in "[?( ":
            start += 1
        while start < end and self.text[end - 1] in ") ":
            end -= 1
        if start == end:
            raise self.fail(_NO_CONDITION, first)
        return start, end

    def condition(self, start: int, end: int) -> FilterTest:
        text = self.text[start:end]
        for operator in OPERATORS:
            at = text.find(operator)
            if at >= 0:
                left = self.operand(start, start + at)
                right = self.operand(start + at + len(operator), end)
                if right.written.startswith("!@"):
                    why = "Can only be used for existence check e.g [?(!@.foo)]"
                    raise self.fail(f"Invalid negation! {why}", right.start - self.offset)
                return FilterComparison(left, operator, right, self.offset + start + at)
        operand = self.operand(start, end)
        if not isinstance(operand.value, Query):
            raise self.fail(f'"{text}" is not a condition: {_CONDITIONS}', start)
        return ExistenceTest(operand, not text.startswith("!"))

    def operand(self, start: int, end: int) -> Operand:
        text, start, end = self.trimmed(start, end)
        return Operand(text, self.offset + start, self.value(text, start))

    def value(self, text: str, start: int) -> Query | str | RegexPattern:
        if text.startswith(("$", "@", "!@")):
            return self.path(text.removeprefix("!"), start + text.startswith("!"))
        if text in ("'", "/", "/i"):
            raise self.fail(f"{text[0]} is not closed", start)
        if text[:1] == text[-1:] == "'":
            return text[1:-1]
        if text.startswith("/") and text.endswith(("/", "/i")):
            return self.pattern(text, start)
        return text

    def pattern(self, text: str, start: int) -> RegexPattern:
        from asltool.expr.jsonpath.regex import compile_regex

        try:
            return compile_regex(text[1 : text.rindex("/")], "i" if text.endswith("i") else "")
        except ValueError as error:
            raise self.fail(str(error), start) from None

    def path(self, text: str, start: int) -> Query:
        query = self.parse(text, self.offset + start, self.depth + 1)
        if not query.definite:
            raise self.fail(f"the predicate path: {text} is not definite", start)
        return query


_CONDITIONS = 'a path such as "@.x" or "!@.x", or two values with == != < <= > >= or =~ between them'
_NO_CONDITION = f"a condition is missing: {_CONDITIONS}"
