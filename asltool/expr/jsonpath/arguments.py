"""Reads the arguments of a call in a path.

Source: https://github.com/json-path/JsonPath
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from asltool.expr.jsonpath.reader import Reader
from asltool.expr.jsonpath.steps import JsonText, Query

__all__ = ["ArgumentReader", "ParsePath"]

ParsePath: TypeAlias = Callable[[str, int, int], Query]
"""``parse_path(text, offset, depth)``"""

_OPENING = {")": "(", "]": "[", "}": "{"}


class ArgumentReader:
    """Splits what stands in the brackets of a call.

    A path starts with ``$`` or ``@``, JSON with a digit, ``-``, ``"`` or ``{``. Whatever starts otherwise,
    such as a text in single quotes, is not an argument: it disappears. Brackets are counted, in strings too.
    """

    def __init__(self, parser: Reader, name: str, parse_path: ParsePath) -> None:
        self.parser = parser
        self.name = name
        self.parse_path = parse_path
        self.arguments: list[Query | JsonText] = []
        self.parts: list[str] = []
        self.start = 0
        self.kind = ""
        self.quotes = 0
        self.opened = {"(": 1, "[": 0, "{": 0}
        self.ended = False

    def read(self) -> tuple[Query | JsonText, ...]:
        parser, before = self.parser, ""
        while parser.position < parser.end and not self.ended:
            character = parser.peek()
            if self.kind or character not in " \t\n\r":
                before = self._take(character, before)
            parser.position += 1
        if any(self.opened.values()):
            raise parser.fail(f"Arguments to function: '{self.name}' are not closed properly.")
        return tuple(self.arguments)

    def _take(self, character: str, before: str) -> str:
        """Take a character, and return what counts as the one before the next."""
        parser = self.parser
        if not self.kind:
            self.kind = _kind(character)
            self.start = parser.position
        if character == "\\" and self.quotes == 1 and parser.text[parser.position + 1] in ',"':
            parser.position += 1
            self.parts.append(parser.peek())
            return ""
        self._count(character, before)
        if character in "),":
            if character == ")" and (before == "(" or self.opened["("] < 0):
                self.parts.append(character)
            self._end(character)
        if self.kind and not (character == "," and self._is_between()):
            self.parts.append(character)
        return character

    def _count(self, character: str, before: str) -> None:
        if character == '"':
            self.quotes += -1 if self.quotes and before != "\\" else 1
        elif character in self.opened:
            self.opened[character] += 1
        elif character in _OPENING:
            opening = _OPENING[character]
            if opening != "(" and not self.opened[opening]:
                what = "brace" if opening == "{" else "bracket"
                where = f"at character position: {self.parser.position + 1}"
                raise self.parser.fail(f"Unexpected close {what} '{character}' {where}")
            self.opened[opening] -= 1

    def _is_between(self) -> bool:
        return self.opened == {"(": 1, "[": 0, "{": 0}

    def _end(self, character: str) -> None:
        """End an argument unless something in it is open."""
        self.ended = character == ")" and not self.quotes and not any(self.opened.values())
        if not self.kind or not (self.ended or (not self.quotes and self._is_between())):
            return
        text, offset = "".join(self.parts), self.parser.offset + self.start
        if self.kind == "path":
            self.arguments.append(self.parse_path(text, offset, self.parser.depth + 1))
        else:
            self.arguments.append(JsonText(text))
        self.parts.clear()
        self.kind = ""


def _kind(character: str) -> str:
    """Return what an argument is that starts so: ``path``, ``json`` or nothing that counts."""
    if character in "$@":
        return "path"
    return "json" if character in '{"-' or character.isdecimal() else ""
