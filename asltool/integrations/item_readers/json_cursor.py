"""A position in a JSON text that is read piece by piece."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any, TextIO

from asltool.expr.values import loads

__all__ = ["JsonCursor"]

_PIECE = 64 * 1024
_LARGEST_VALUE = 16 * 1024 * 1024
_LONGEST_TOKEN = len("-Infinity")
_SPACE = re.compile(r"[ \t\n\r]*")


def _number(digits: str) -> float:
    number = float(digits)
    # `loads` refuses numbers too large for a double with the same message as NaN.
    return number if math.isfinite(number) else loads(digits)


_decode = json.JSONDecoder(parse_constant=loads, parse_float=_number).raw_decode


class JsonCursor:
    """Reads through a text that need not fit in memory.

    Every method raises ValueError if the text is not JSON.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._buffer = ""
        self._at = 0
        self._before = 0
        self._ended = False

    def peek(self) -> str:
        """Return the next non-space character; empty at the end of the text."""
        while (at := self._skip_space()) == len(self._buffer):
            if self._ended:
                return ""
            self._read_on()
        return self._buffer[at]

    def value(self) -> Any:
        """Read the next value as a whole; it can have up to 16 Mi characters."""
        self.peek()
        while True:
            try:
                value, end = _decode(self._buffer, self._at)
            except json.JSONDecodeError as problem:
                if self._ended or not self._cut_off(problem):
                    raise self._wrong(problem.msg, problem.pos) from problem
            except RecursionError as problem:
                raise self._wrong("nested too deeply", self._at) from problem
            else:
                # A number at the end of the text read so far may continue: 1 . 5 e - 7
                if end + len("e-") < len(self._buffer) or self._ended:
                    self._at = end
                    return value
            self._read_on()

    def members(self) -> Iterator[str | int]:
        """Yield the names of an object or the indexes of an array; read each value before the next name."""
        closing = "]" if self._take("[{") == "[" else "}"
        if self.peek() == closing:
            self._take(closing)
            return
        index = 0
        while True:
            yield index if closing == "]" else self._name()
            if self._take("," + closing) == closing:
                return
            index += 1

    def end(self) -> None:
        """Check that nothing follows."""
        if self.peek():
            raise self._wrong("Extra data", self._at)

    def _name(self) -> str:
        if self.peek() != '"':
            raise self._wrong("Expecting property name enclosed in double quotes", self._at)
        name: str = self.value()
        self._take(":")
        return name

    def _take(self, characters: str) -> str:
        found = self.peek()
        if not found or found not in characters:
            raise self._wrong(f"Expecting {' or '.join(map(repr, characters))}", self._at)
        self._at += 1
        return found

    def _skip_space(self) -> int:
        space = _SPACE.match(self._buffer, self._at)
        assert space is not None
        self._at = space.end()
        return self._at

    def _cut_off(self, problem: json.JSONDecodeError) -> bool:
        """Return whether the error may be due to the rest of the value not having been read yet."""
        return problem.msg.startswith("Unterminated string") or (
            problem.pos + _LONGEST_TOKEN >= len(self._buffer)
        )

    def _read_on(self) -> None:
        rest = len(self._buffer) - self._at
        if rest > _LARGEST_VALUE:
            raise self._wrong("a value has more than 16 Mi characters", self._at)
        # Double the text each time, so that a large value is scanned only a few times.
        more = self._text.read(max(_PIECE, rest))
        self._ended = not more
        self._before += self._at
        self._buffer = self._buffer[self._at :] + more
        self._at = 0

    def _wrong(self, what: str, at: int) -> ValueError:
        return ValueError(f"{what} at character {self._before + at}")
