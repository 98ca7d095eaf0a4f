"""Reads the condition of a filter the way Jayway's FilterCompiler does.

Source: https://github.com/json-path/JsonPath
"""

from __future__ import annotations

import re
from collections.abc import Callable

from asltool.expr.jsonpath.arguments import ParsePath
from asltool.expr.jsonpath.conditions import And, Comparison, Condition, Constant, Exists, Not, Operand, Or
from asltool.expr.jsonpath.errors import Unreadable
from asltool.expr.jsonpath.literals import read_number
from asltool.expr.jsonpath.reader import Reader, unescape
from asltool.expr.jsonpath.steps import JsonText, Query

__all__ = ["OPERATORS", "FilterParser"]

OPERATORS = frozenset(
    (
        *("==", "!=", "===", "!==", "<", "<=", ">", ">=", "=~"),
        *("ALL", "ANYOF", "CONTAINS", "EMPTY", "EXISTS", "IN"),
        *("MATCHES", "NIN", "NONEOF", "SIZE", "SUBSETOF", "TYPE"),
    )
)
"""Every operator; those of letters can be written in any case."""

_SIGNS = "<>=~!"
_SIGNED = re.compile(r"[<>=~!]*")
_WORD = re.compile(r"[^ ]*")
_NUMBER = re.compile(r"[\d\-.eE]*")
_FLAGS = re.compile(r"[dixmsuU]*")
_PATH_END = re.compile(r"[^\[)<>=~! ]*")


class FilterParser(Reader):
    """Reads ``[?(condition)]``; ``parse_path`` reads the paths in it."""

    __slots__ = ("parse_path",)

    def __init__(self, text: str, offset: int, depth: int, parse_path: ParsePath) -> None:
        super().__init__(text, offset, depth)
        self.parse_path = parse_path
        self.position = text.index("(")
        self.end = text.rindex(")") + 1

    def read(self) -> Condition:
        try:
            condition = self.either()
            self.skip_blanks()
            if self.position < self.end:
                rest = self.text[self.position : self.end]
                raise self.fail(f"Expected end of filter expression instead of: {rest}")
        except (IndexError, ValueError):
            where = f"error on position: {self.position}, char: {self.peek()}"
            raise self.fail(f"Failed to parse filter: {self.text}, {where}") from None
        return condition

    def either(self) -> Condition:
        parts = self.separated(self.both, "||")
        return parts[0] if len(parts) == 1 else Or(parts)

    def both(self) -> Condition:
        parts = self.separated(self.single, "&&")
        return parts[0] if len(parts) == 1 else And(parts)

    def separated(self, read: Callable[[], Condition], separator: str) -> tuple[Condition, ...]:
        parts = [read()]
        while self.text.startswith(separator, self.significant(self.position), self.end):
            self.position = self.significant(self.position) + len(separator)
            parts.append(read())
        return tuple(parts)

    def single(self) -> Condition:
        """Read a comparison, or a condition in brackets or after ``!``."""
        if self.skipped() == "!" and self.text[self.significant(self.position + 1)] not in "$@":
            self.position += 1
            return Not(self.nested(self.single))
        if self.peek() != "(":
            return self.comparison()
        self.position += 1
        condition = self.nested(self.either)
        if self.skipped() != ")":
            raise self.fail("Expected character: )")
        self.position += 1
        return condition

    def nested(self, read: Callable[[], Condition]) -> Condition:
        self.go_deeper()
        condition = read()
        self.depth -= 1
        return condition

    def comparison(self) -> Condition:
        """Read ``left operator right``; if there is no such thing, ``left`` is a path that must exist."""
        wanted = self.peek() != "!"
        left = self.operand()
        start = self.position
        try:
            return Comparison(left, self.operator(), self.operand())
        except Unreadable:
            self.position = start
        if not isinstance(left, Query):
            raise self.fail("Expected path node")
        return Exists(left, wanted)

    def operator(self) -> str:
        pattern = _SIGNED if self.skipped() in _SIGNS else _WORD
        start = self.position
        found = pattern.match(self.text, start, self.end)
        self.position = found.end() if found else start
        name = self.text[start : self.position].upper()
        if name not in OPERATORS:
            raise self.fail(f"Filter operator {name} is not supported!")
        return name

    def operand(self) -> Operand:
        """Read a path or a literal. A ``!`` before a path is only looked at where the path must exist."""
        character = self.skipped()
        if character == "!":
            self.position += 1
            character = self.skipped()
            if character not in "$@":
                raise self.fail("Unexpected character: !")
        if character in "$@":
            return self.path()
        if character in "[{":
            return self.json(character, "]" if character == "[" else "}")
        return Constant(_LITERALS.get(character, FilterParser.number)(self))

    def path(self) -> Query:
        """Read to a blank, an operator or a closing bracket; of ``[][]`` only the first is skipped."""
        start = self.position
        self.position += 1
        while self.position < self.end:
            found = _PATH_END.match(self.text, self.position, self.end)
            self.position = found.end() if found else self.position
            if self.position < self.end and self.peek() == "[":
                closing = self.find_closing(self.position, "[", "]")
                if closing < 0:
                    raise self.fail(f"Square brackets does not match in filter {self.text}")
                self.position = closing + 1
            if self.position >= self.end or self.peek() in " <>=~!":
                break
            if self.peek() == ")" and not self._closes_call(start):
                break
            self.position += 1
        return self.parse_path(self.text[start : self.position], self.offset + start, self.depth + 1)

    def _closes_call(self, start: int) -> bool:
        """Return whether this ``)`` ends a call without arguments, in the path that began at ``start``."""
        before = self.text[: self.position].rstrip(" ")
        return before.endswith("(") and "." in before[start + 1 : -1]

    def json(self, opening: str, closing: str) -> JsonText:
        end = self.find_closing(self.position, opening, closing)
        if end < 0:
            raise self.fail(f"String not closed. Expected ' in {self.text}")
        start, self.position = self.position, end + 1
        return JsonText(self.text[start : end + 1])

    def string(self) -> str:
        quote, start = self.peek(), self.position + 1
        end = self.find_unescaped(quote, start)
        if end < 0:
            raise self.fail(f"String literal does not have matching quotes. Expected {quote} in {self.text}")
        self.position = end + 1
        return unescape(self.text[start:end])

    def word(self) -> bool | None:
        for text, value in (("true", True), ("false", False), ("null", None)):
            if self.is_at(text):
                self.position += len(text)
                return value
        raise self.fail(f"Expected {'<null> value' if self.peek() == 'n' else 'boolean literal'}")

    def pattern(self) -> object:
        from asltool.expr.jsonpath.regex import compile_regex

        start = self.position + 1
        end = self.find_unescaped("/", start)
        if end < 0:
            raise self.fail(f"Pattern not closed. Expected / in {self.text}")
        found = _FLAGS.match(self.text, end + 1, self.end)
        flags = found[0] if found else ""
        self.position = end + 1 + len(flags)
        return compile_regex(self.text[start:end], flags)

    def number(self) -> int | float:
        found = _NUMBER.match(self.text, self.position, self.end)
        text = found[0] if found else ""
        self.position += len(text)
        number = read_number(text)
        if number is None:
            raise ValueError(f"{text} is no number")
        return number


_LITERALS: dict[str, Callable[[FilterParser], object]] = {
    "'": FilterParser.string,
    '"': FilterParser.string,
    "/": FilterParser.pattern,
    "t": FilterParser.word,
    "f": FilterParser.word,
    "n": FilterParser.word,
}
