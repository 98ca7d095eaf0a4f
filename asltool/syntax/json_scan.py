"""A second, slower reader of JSON text, which finds the position of every value and every syntax error.

`json.loads` is quick, but gives no positions and stops at the first error. This scanner gives positions,
repairs what it can and continues. It runs only when a position is needed or the quick reader has rejected the
text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from asltool.syntax.json_tokens import DEEPEST, TOKEN, is_number, key_text, string_faults
from asltool.syntax.text import Location
from asltool.syntax.wording import quoted

__all__ = ["Scan", "SyntaxProblem", "scan"]

_MOST_ERRORS = 20

_PYTHON_WORDS = {"True": "true", "False": "false", "None": "null"}
_CLOSERS = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """``start`` and ``end`` are offsets in the text."""

    start: int
    end: int
    message: str
    code: str = "json-syntax-error"
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner found: at most one syntax error per line, and every key that occurs twice."""

    root: Location
    problems: list[SyntaxProblem]


def scan(text: str) -> Scan:
    """Read JSON text. Never fails: errors are reported as problems, up to the twentieth syntax error."""
    return _Scanner(text).run()


@dataclass(slots=True)
class _OpenContainer:
    """An object or array that is still open; ``key`` is the key whose value is being read."""

    node: Location
    bracket: str
    key: str | None = None
    key_place: tuple[int, int] | None = None


class _Scanner:
    """Reads token by token. ``want`` is expected next: key, colon, value, comma (or bracket), or end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Location | None = None
        self.open: list[_OpenContainer] = []
        self.want = "value"
        self.fresh = False
        self.comma = 0
        self.start = self.end = 0
        self.stopped = False
        self.problems: list[SyntaxProblem] = []
        self.said: set[str] = set()
        self.quiet_until = 0
        self.errors = 0

    def run(self) -> Scan:
        begin = 0
        if self.text.startswith("\ufeff"):
            self.problem("the file starts with a byte order mark. save it as UTF-8 without one", 0, 1)
            begin = 1
        for match in TOKEN.finditer(self.text, begin):
            if match.lastgroup == "space":
                continue
            self.start, self.end = match.span()
            if self.want == "end" and match.lastgroup != "comment":
                self.stop("nothing may follow the definition")
            else:
                getattr(self, f"on_{match.lastgroup}")(match[0])
            if self.stopped:
                break
        else:
            self.finish()
        return Scan(self.root or Location(0, 0), self.problems)

    def problem(
        self, message: str, start: int | None = None, end: int | None = None, code: str = "json-syntax-error"
    ) -> None:
        """Add a problem, by default at the current token; only one syntax error per line."""
        start = self.start if start is None else start
        end = self.end if end is None else end
        if code != "duplicate-key":
            if start < self.quiet_until:
                return
            self.quiet_until = self.line_end(end)
            self.errors += 1
            self.stopped = self.errors == _MOST_ERRORS
        self.problems.append(SyntaxProblem(start, end, message, code))

    def line_end(self, start: int) -> int:
        found = self.text.find("\n", start)
        return len(self.text) + 1 if found < 0 else found

    def once(self, message: str) -> None:
        """Report a repeated mistake, such as single quotes, only the first time."""
        if message not in self.said:
            self.said.add(message)
            self.problem(message)

    def stop(self, message: str) -> None:
        self.problem(message)
        self.stopped = True

    # Tokens

    def on_string(self, token: str) -> None:
        if not token.isascii() or "\\u" in token:
            self.on_broken(token)
        else:
            self.scalar(token)

    def on_broken(self, token: str) -> None:
        for start, end, message in string_faults(token):
            self.problem(message, self.start + start, self.start + end)
        self.scalar(token)

    def on_number(self, token: str) -> None:
        if not is_number(token):
            self.problem("the number is too large")
        self.scalar(token)

    def on_literal(self, token: str) -> None:
        self.scalar(token)

    def on_unclosed(self, token: str) -> None:
        self.problem("the string is not closed")
        # It includes what followed it, so the next line would be reported too.
        self.quiet_until = self.line_end(self.end + 1)
        self.scalar(token)

    def on_single(self, token: str) -> None:
        self.once("strings need double quotes, not single quotes")
        self.scalar(token)

    def on_comment(self, token: str) -> None:
        self.once('JSON has no comments. put the text into a "Comment" field')

    def on_word(self, token: str) -> None:
        if self.want == "key":
            return self.scalar(token)
        if token in _PYTHON_WORDS:
            self.problem(f"{quoted(token)} is written {_PYTHON_WORDS[token]} in JSON")
        elif token in ("NaN", "Infinity", "-Infinity") or token[0] in "+-.0123456789":
            self.problem(f"{quoted(token)} is not a JSON number")
        elif self.root is None and not self.open:
            return self.stop(f'this is not JSON. expected "{{", not {quoted(token)}')
        else:
            self.problem(f"{quoted(token)} must be in double quotes")
        return self.scalar(token)

    def on_other(self, token: str) -> None:
        self.problem(f"unexpected {quoted(token)}")

    def on_open(self, token: str) -> None:
        self.expect_value()
        if self.want == "key":
            self.problem(f'expected a key, not "{token}"')
        node = Location(self.start, self.end)
        self.attach(node)
        self.open.append(_OpenContainer(node, token))
        self.want, self.fresh = ("key" if token == "{" else "value"), True
        if len(self.open) > DEEPEST:
            self.stop(f"nested deeper than {DEEPEST} levels")

    def on_close(self, token: str) -> None:
        if not self.open:
            return self.stop(f'unexpected "{token}"')
        top = self.open[-1]
        if token != _CLOSERS[top.bracket]:
            self.problem(f'expected "{_CLOSERS[top.bracket]}" for {self.opened(top)}, not "{token}"')
            if any(_CLOSERS[other.bracket] == token for other in self.open):
                while _CLOSERS[self.open[-1].bracket] != token:
                    self.open.pop().node.stop = self.start
        elif self.want == "colon" or (self.want == "value" and top.bracket == "{"):
            self.no_value(top)
        elif self.want in ("key", "value") and not self.fresh:
            self.problem(f'remove the "," before "{token}"', self.comma, self.comma + 1)
        self.open.pop().node.stop = self.end
        return self.value_ended()

    def on_comma(self, token: str) -> None:
        if not self.open:
            return self.stop('unexpected ","')
        top = self.open[-1]
        if self.want == "colon" or (self.want == "value" and top.bracket == "{"):
            self.no_value(top)
        elif self.want != "comma":
            self.problem('unexpected ","')
        self.want, self.fresh = ("key" if top.bracket == "{" else "value"), False
        self.comma = self.start
        return None

    def on_colon(self, token: str) -> None:
        if self.want == "colon":
            self.want = "value"
        else:
            self.problem('unexpected ":"')

    # Grammar

    def scalar(self, token: str) -> None:
        """Handle a token that is a key or a whole value."""
        self.expect_value()
        if self.want == "key":
            self.take_key(token)
        else:
            self.attach(Location(self.start, self.end))
            self.value_ended()

    def expect_value(self) -> None:
        """Repair the structure so that a key or value can follow."""
        if self.want == "comma":
            self.problem(f'expected "," before {self.text[self.start : self.end]:.40}')
            self.want = "key" if self.open[-1].bracket == "{" else "value"
        elif self.want == "colon":
            self.problem(f'expected ":" before {self.text[self.start : self.end]:.40}')
            self.want = "value"

    def take_key(self, token: str) -> None:
        top = self.open[-1]
        if token[0] not in "\"'":
            self.problem(f"the key {quoted(token)} must be in double quotes")
        top.key = key_text(token)
        top.key_place = (self.start, self.end)
        self.want, self.fresh = "colon", False
        if top.key in top.node.parts:
            self.problem(f"the key {quoted(top.key)} occurs twice in this object", code="duplicate-key")

    def attach(self, node: Location) -> None:
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if top.bracket == "[":
            top.node.parts[len(top.node.parts)] = node
        elif top.key is not None:
            node.key = top.key_place
            top.node.parts[top.key] = node
            top.key = None

    def value_ended(self) -> None:
        self.want, self.fresh = ("comma" if self.open else "end"), False

    def no_value(self, top: _OpenContainer) -> None:
        self.problem(f"the key {quoted(top.key)} has no value", *(top.key_place or ()))

    def finish(self) -> None:
        """Handle the end of the text."""
        for still_open in self.open:
            still_open.node.stop = len(self.text)
        if self.open:
            top = self.open[-1]
            self.problem(f'this "{top.bracket}" is never closed', top.node.start, top.node.end)
        elif self.root is None and not self.problems:
            size = len(self.text)
            self.problem("there is no definition in this file", size, size, "definition-empty")

    def opened(self, top: _OpenContainer) -> str:
        line = self.text.count("\n", 0, top.node.start) + 1
        return f'the "{top.bracket}" of line {line}'
