"""Split JSONata text into the tokens of version 2.0.6.

Source: https://docs.jsonata.org/2.0.0/overview and the behaviour of jsonata-js 2.0.6
"""

from __future__ import annotations

import math
import re
from typing import Any, NamedTuple

from asltool.errors import ExpressionError
from asltool.expr.jsonata.sentences import sentence

__all__ = ["LONGEST", "Cursor", "JsonataSyntaxProblem", "Token"]


class JsonataSyntaxProblem(ExpressionError):
    """A text that is not JSONata.

    ``code`` is JSONata's code for the problem, such as S0202. ``facts`` are the values in its message:
    ``token`` is what was found, ``value`` what was expected.
    """

    def __init__(self, code: str, message: str, text: str, offset: int, **facts: Any) -> None:
        super().__init__(message, text, offset)
        self.code = code
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The message of JSONata, and so of the service; ``message`` is ours."""
        return sentence(self.code, self.facts) or self.message


class Token(NamedTuple):
    """``kind`` is operator, name, variable, string, number, value, regex or end; ``start`` its offset."""

    kind: str
    value: Any
    start: int


LONGEST = 1_048_576
"""How many characters a whole definition may have. What is longer is not read: its tree takes gigabytes.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
"""

_SHOWN = 100
"""How many characters an error keeps of such an expression."""

_STOP = r" \t\n\r\v.\[\]{}(),@#;:?+\-*/%|=<>^&!~"

_TOKEN = re.compile(
    rf"""
      (?P<blank>   [ \t\n\r\v]+ | /\*(?s:.*?)\*/ )
    | (?P<number>  (?:0|[1-9][0-9]*) (?:\.[0-9]+)? (?:[eE][-+]?[0-9]+)? )
    | (?P<string>  "(?:[^"\\]|\\(?s:.))*" | '(?:[^'\\]|\\(?s:.))*' )
    | (?P<quoted>  `[^`]*` )
    | (?P<operator> \.\. | := | != | >= | <= | \*\* | ~> | [.\[\]{{}}(),@\#;:?+\-*/%|=<>^&!~] )
    | (?P<name>    [^"'`{_STOP}][^{_STOP}]* )
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u(?P<hex>[0-9a-fA-F]{4})|(?P<one>(?s:.)))")
_ESCAPE_TO_THE_END = re.compile(r"\\(?:u(?P<hex>[0-9a-fA-F]{4}|[0-9a-fA-F]{1,3}\Z)|(?P<one>(?s:.)|\Z))")
"""As jsonata reads a string without its end: the last escape may be cut off."""
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_VALUES = {"true": True, "false": False, "null": None}
_UNCLOSED = {
    '"': ("S0101", "this string has no closing quote"),
    "'": ("S0101", "this string has no closing quote"),
    "`": ("S0105", "this name has no closing backquote"),
}


class Tokenizer:
    """Reads tokens; only the parser knows whether ``/`` divides or opens a regular expression."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            message = f"the expression has more than {LONGEST:,} characters, and so has its definition"
            raise JsonataSyntaxProblem("U1001", message, text[:_SHOWN], 0)
        self.text = text
        self._position = 0

    def next(self, infix: bool) -> Token:
        """Return the next token; after a complete value (``infix``), a slash divides."""
        text = self.text
        while True:
            start = self._position
            if start == len(text):
                return Token("end", "", start)
            if text[start] == "/" and not infix and not text.startswith("/*", start):
                return self._regex(start)
            match = _TOKEN.match(text, start)
            if match is None:
                raise self._unclosed(start)
            self._position = match.end()
            if match.lastgroup != "blank":
                return self._token(str(match.lastgroup), match.group(), start)

    def _token(self, kind: str, found: str, start: int) -> Token:
        match kind:
            case "number":
                return Token("number", self._number(found, start), start)
            case "string":
                return Token("string", self._string(found[1:-1], start + 1), start)
            case "quoted":
                return Token("name", found[1:-1], start)
            case "name":
                return self._name(found, start)
        if found == "/" and self.text.startswith("/*", start):
            raise JsonataSyntaxProblem("S0106", "this comment is not closed", self.text, start)
        return Token("operator", found, start)

    def _name(self, found: str, start: int) -> Token:
        if found.startswith("$"):
            return Token("variable", found[1:], start)
        if found in _VALUES:
            return Token("value", _VALUES[found], start)
        return Token("operator" if found in ("and", "or", "in") else "name", found, start)

    def _unclosed(self, start: int) -> JsonataSyntaxProblem:
        """Return the problem of an unclosed string or name; a wrong escape in it is reported first."""
        code, message = _UNCLOSED[self.text[start]]
        if code == "S0101":
            self._string(self.text[start + 1 :], start + 1, _ESCAPE_TO_THE_END)
        return JsonataSyntaxProblem(code, message, self.text, start)

    def _number(self, digits: str, start: int) -> int | float:
        number = float(digits)
        if math.isinf(number):
            message = f"the number {digits} is out of range"
            raise JsonataSyntaxProblem("S0102", message, self.text, start, token=digits)
        return int(number) if number.is_integer() else number

    def _string(self, body: str, start: int, escapes: re.Pattern[str] = _ESCAPE) -> str:
        def unescape(match: re.Match[str]) -> str:
            digits, one = match["hex"], match["one"]
            if digits:
                return chr(int(digits, 16))
            if one in _ESCAPES:
                return _ESCAPES[one]
            offset = start + match.start()
            if one == "u":
                raise JsonataSyntaxProblem("S0104", '"\\u" takes four hexadecimal digits', self.text, offset)
            message = f'there is no escape "\\{one}"'
            raise JsonataSyntaxProblem("S0103", message, self.text, offset, token=one)

        return escapes.sub(unescape, body) if "\\" in body else body

    def _regex(self, start: int) -> Token:
        end = self._regex_end(start)
        if end == start + 1:
            raise JsonataSyntaxProblem("S0301", "this regular expression is empty", self.text, start)
        self._position = end + 1
        while self.text[self._position : self._position + 1] in ("i", "m"):
            self._position += 1
        return Token("regex", self.text[start : self._position], start)

    def _regex_end(self, start: int) -> int:
        """Return the position of the closing slash, which is not escaped and outside all brackets."""
        depth = 0
        escaped = False
        for position in range(start + 1, len(self.text)):
            char = self.text[position]
            if char == "/" and depth == 0 and not escaped:
                return position
            # As in JSONata, a bracket after a backslash never counts, even if the backslash is escaped
            # itself.
            if self.text[position - 1] != "\\":
                depth += (char in "([{") - (char in ")]}")
            escaped = char == "\\" and not escaped
        raise JsonataSyntaxProblem("S0302", "this regular expression has no closing slash", self.text, start)


class Cursor:
    """The tokens of a text, for a parser that consumes the expected ones."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = Tokenizer(text)
        self.token = Token("end", "", 0)

    def advance(self, infix: bool = False) -> None:
        self.token = self.tokens.next(infix)
        if self.token.kind == "operator" and self.token.value in ("!", "~"):
            message = f'there is no operator "{self.token.value}"'
            raise self.problem("S0204", message, token=self.token.value)

    def at(self, operator: str) -> bool:
        return self.token.kind == "operator" and self.token.value == operator

    def take(self, operator: str) -> bool:
        """Consume an operator if it is next."""
        found = self.at(operator)
        if found:
            self.advance()
        return found

    def expect(self, operator: str, infix: bool = False) -> None:
        if not self.at(operator):
            if self.token.kind == "end":
                raise self.problem("S0203", f'"{operator}" is missing at the end', value=operator)
            message = f'expected "{operator}" instead of "{self.source()}"'
            raise self.problem("S0202", message, value=operator, token=self.found())
        self.advance(infix)

    def source(self) -> str:
        """Return the source of the next token, for a message."""
        token = self.token
        return f"${token.value}" if token.kind == "variable" else str(token.value)

    def found(self) -> Any:
        """Return the next token as JSONata's messages show it; a regular expression is an empty object."""
        return {} if self.token.kind == "regex" else self.token.value

    def problem(
        self, code: str, message: str, offset: int | None = None, **facts: Any
    ) -> JsonataSyntaxProblem:
        offset = self.token.start if offset is None else offset
        return JsonataSyntaxProblem(code, message, self.text, offset, **facts)
