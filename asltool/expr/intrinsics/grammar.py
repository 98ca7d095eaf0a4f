"""Parse the text of an intrinsic function call into a tree.

An argument is a string in apostrophes, a number, ``true``, ``false``, ``null``, a path or another call. In a
string, a backslash is allowed only before ``'``, ``{``, ``}`` or another backslash.

Source: https://states-language.net/spec.html#intrinsic-functions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple, NoReturn

from asltool.errors import ExpressionError
from asltool.expr.environment import Json
from asltool.expr.jsonpath.text import PathText
from asltool.expr.values import loads

__all__ = ["Argument", "FunctionCall", "Literal", "PathArgument", "parse", "paths"]

RECURSION = 100  # far above the service's limit, and far below Python's recursion limit


class Literal(NamedTuple):
    """A literal value. ``raw`` is a string's text between its apostrophes, with its escapes."""

    value: Json
    raw: str
    offset: int


class PathArgument(NamedTuple):
    """A path, which the JSONPath compiler checks."""

    text: PathText
    offset: int


class FunctionCall(NamedTuple):
    """``name(arguments)``; the offset is that of the name."""

    name: str
    arguments: tuple[Argument, ...]
    offset: int


Argument = Literal | PathArgument | FunctionCall

_SPACE = re.compile(r"[ \t\r\n]*")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_WORDS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r"'((?:[^'\\]|\\['{}\\])*)(?P<end>'?)")
_ESCAPE = re.compile(r"\\(.)")
_PATH_TOKEN = re.compile(
    r"""'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | =~\s*/(?:[^/\\]|\\.)*/ | [^'"=,()\[\]]+ | .""",
    re.VERBOSE | re.DOTALL,
)


def parse(text: str, path: Callable[[str], PathText] = PathText) -> FunctionCall:
    """Parse one call, which spaces may follow.

    Raises:
        ExpressionError: the text is not a call. Function names and argument counts are not checked.
    """
    reader = _Parser(text, path)
    call = reader.call(depth=1)
    reader.skip_space()
    if reader.position < len(text):
        reader.fail("unexpected text after the function's closing parenthesis")
    return call


def paths(argument: Argument) -> Iterator[PathArgument]:
    """Yield the paths in an argument or a call, at any depth."""
    if isinstance(argument, PathArgument):
        yield argument
    elif isinstance(argument, FunctionCall):
        for inner in argument.arguments:
            yield from paths(inner)


class _Parser:
    def __init__(self, text: str, path_text: Callable[[str], PathText]) -> None:
        self.text = text
        self.path_text = path_text
        self.position = 0

    def fail(self, message: str, offset: int | None = None) -> NoReturn:
        raise ExpressionError(message, self.text, self.position if offset is None else offset)

    def skip_space(self) -> None:
        self.position = self.match(_SPACE).end()

    def match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Match a pattern that can be empty, so that there is always a match."""
        match = pattern.match(self.text, self.position)
        assert match is not None
        return match

    def take(self, character: str) -> bool:
        taken = self.text.startswith(character, self.position)
        self.position += taken
        return taken

    def call(self, depth: int) -> FunctionCall:
        offset = self.position
        name = _NAME.match(self.text, offset)
        if name is None:
            self.fail(
                'expected an intrinsic function such as "States.Format", or a path, which begins with "$"'
            )
        if depth > RECURSION:
            self.fail("intrinsic functions are nested too deeply")
        self.position = name.end()
        if not self.take("("):
            self.fail(f'expected "(" after "{name[0]}"')
        return FunctionCall(name[0], tuple(self.arguments(depth)), offset)

    def arguments(self, depth: int) -> list[Argument]:
        self.skip_space()
        if self.take(")"):
            return []
        arguments = [self.argument(depth)]
        self.skip_space()
        while self.take(","):
            self.skip_space()
            arguments.append(self.argument(depth))
            self.skip_space()
        if not self.take(")"):
            self.fail('expected "," or ")"')
        return arguments

    def argument(self, depth: int) -> Argument:
        first = self.text[self.position : self.position + 1]
        if first == "'":
            return self.string()
        if first == "$":
            return self.path()
        if number := _NUMBER.match(self.text, self.position):
            return self.literal(self.number(number[0]), number[0])
        word = _NAME.match(self.text, self.position)
        if word is None:
            self.fail(
                "expected an argument: a string in apostrophes, a number, true, false, null, a path or a call"
            )
        return self.literal(_WORDS[word[0]], word[0]) if word[0] in _WORDS else self.call(depth + 1)

    def literal(self, value: Json, raw: str) -> Literal:
        offset = self.position
        self.position += len(raw)
        return Literal(value, raw, offset)

    def number(self, digits: str) -> Json:
        try:
            return loads(digits)
        except ValueError:
            self.fail("the number is too large")

    def string(self) -> Literal:
        offset = self.position
        match = self.match(_STRING)
        self.position = match.end()
        if not match["end"]:
            if self.text.startswith("\\", self.position):
                self.fail("a backslash is allowed only before ', {, } or another backslash")
            self.fail("the string is not closed by an apostrophe", offset)
        return Literal(_ESCAPE.sub(r"\1", match[1]), match[1], offset)

    def path(self) -> PathArgument:
        """Read a path up to the first comma or parenthesis outside its own brackets."""
        offset = self.position
        depth = 0
        for token in _PATH_TOKEN.finditer(self.text, offset):
            if token[0] in "([":
                depth += 1
            elif depth and token[0] in ")]":
                depth -= 1
            elif not depth and token[0] in ",)]":
                break
            self.position = token.end()
        return PathArgument(self.path_text(self.text[offset : self.position].rstrip(" \t\r\n")), offset)
