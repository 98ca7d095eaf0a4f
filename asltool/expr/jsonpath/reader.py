"""A text that is read by position, the way Jayway reads it; only blanks count as space."""

from __future__ import annotations

import re

from asltool.expr.jsonpath.errors import Unreadable

__all__ = ["UNESCAPED", "Reader", "unescape"]

_DEEPEST = 50
UNESCAPED = {mark: re.compile(rf"(?s:[^{mark}\\]|\\.)*{mark}") for mark in ("'", '"', "/")}
"""What reads to a mark that no backslash stands before."""


class Reader:
    """A position in a text.

    ``offset`` is where the text stands in the whole path, and ``depth`` how many filters, brackets and
    arguments are around it. Looking past the end raises IndexError.
    """

    __slots__ = ("depth", "end", "offset", "position", "text")

    def __init__(self, text: str, offset: int, depth: int) -> None:
        self.text = text
        self.offset = offset
        self.depth = depth - 1
        self.position = 0
        self.end = len(text)
        self.go_deeper()

    def go_deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.fail("the path is nested too deeply")

    def fail(self, message: str) -> Unreadable:
        return Unreadable(message, self.offset + self.position)

    def trim(self) -> None:
        """Draw both ends in over blanks; one character is left."""
        self.skip_blanks()
        while self.position < self.end - 1 and self.text[self.end - 1] == " ":
            self.end -= 1

    def skip_blanks(self) -> None:
        while self.position < self.end and self.text[self.position] == " ":
            self.position += 1

    def peek(self) -> str:
        return self.text[self.position]

    def skipped(self) -> str:
        """Skip blanks and return the character there."""
        self.skip_blanks()
        return self.peek()

    def is_at(self, text: str) -> bool:
        return self.text.startswith(text, self.position, self.end)

    def significant(self, start: int) -> int:
        """Return where the next character is that is no blank; it may be the end."""
        while start < self.end and self.text[start] == " ":
            start += 1
        return start

    def significant_is(self, start: int, character: str) -> bool:
        at = self.significant(start)
        return at < self.end and self.text[at] == character

    def find(self, character: str, start: int) -> int:
        return self.text.find(character, start, self.end)

    def find_unescaped(self, character: str, start: int) -> int:
        """Return where a character is that no backslash stands before; -1 if nowhere."""
        found = UNESCAPED[character].match(self.text, start, self.end)
        return found.end() - 1 if found else -1

    def find_closing(self, start: int, opening: str, closing: str, *, skip_patterns: bool = False) -> int:
        """Return where the bracket at ``start`` closes, strings left out; -1 if it does not."""
        opened = 1
        at = start + 1
        while at < self.end:
            if self.text[at] in "'\"":
                quote = self.text[at]
                at = self.find_unescaped(quote, at + 1) + 1
                if at == 0:
                    raise self.fail(
                        f"Could not find matching close quote for {quote} when parsing : {self.text}"
                    )
            if skip_patterns and self.text[at] == "/":
                at = self.find_unescaped("/", at + 1) + 1
                if at == 0:
                    raise self.fail(
                        f"Could not find matching close for / when parsing regex in : {self.text}"
                    )
            if self.text[at] == opening:
                opened += 1
            elif self.text[at] == closing:
                opened -= 1
                if opened == 0:
                    return at
            at += 1
        return -1


_ESCAPE = re.compile(r"\\(?:u(.{0,4})|(.?))", re.DOTALL)
_CONTROLS = {"": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescape(text: str) -> str:
    r"""Undo ``\n``, ``\u0041`` and the like; any other character after a backslash stands for itself.

    Raises:
        ValueError: four characters after ``\u`` are no number.
    """
    if "\\" not in text:
        return text
    undone = _ESCAPE.sub(_undo, text)
    return undone.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "surrogatepass")


def _undo(escape: re.Match[str]) -> str:
    code, character = escape.groups()
    if code is None:
        return _CONTROLS.get(character, character)
    if len(code) < 4:
        return ""
    try:
        return chr(int(code, 16))
    except ValueError:
        raise ValueError(f"Unable to parse unicode value: {code}") from None
