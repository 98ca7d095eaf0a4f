"""The positions of the characters of a YAML scalar, found by comparing its value with its text.

The value is known; only its positions are not. Folding changes only white space, so all characters except
white space and escapes are the same in the text and in the value.
"""

from __future__ import annotations

import re

from asltool.syntax.text import Text, offsets

__all__ = ["yaml_string"]

_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\nxuU])")
_CONTINUED = re.compile(r"\\\r?\n[ \t]*")
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|[\r\n])(?P<blank>(?:[ \t]*(?:\r\n|[\r\n]))*)(?P<indent> *)")
_SPACES = " \t\r\n\x85\u2028\u2029"
_BLOCKS = ("|", ">")
_ENDING_SPACE = re.compile(r"[ \t]+(?=[\r\n])")


def yaml_string(text: Text, start: int, end: int, value: str) -> Text | None:
    """Return the value of a scalar between two offsets; see `Places`."""
    found = _Alignment(text.characters, start, end).of(value)
    if found is None or not text.characters or (isinstance(text.starts, range) and text.starts[0] == 0):
        return found
    starts = [text.place(each, each)[0] for each in found.starts]
    ends = [text.place(each, after)[1] for each, after in zip(found.starts, found.ends, strict=False)]
    return found._replace(starts=starts, ends=ends)


class _Alignment:
    """Follows a scalar's text while its value is read."""

    def __init__(self, file: str, start: int, end: int) -> None:
        self.file = file
        self.here = start
        self.end = end
        self.style = file[start : start + 1]
        self.indent = ""
        if self.style in _BLOCKS:
            header = _HEADER.match(file, start, end)
            self.here = header.start("blank") if header else end
            self.indent = header["indent"] if header else ""
            self.skip_indent()
        elif self.style in ("'", '"'):
            self.here += 1
            self.end -= 1

    def of(self, value: str) -> Text | None:
        starts, ends = offsets(), offsets()
        for character in value:
            place = self.blank(character) if character in " \t\n" else self.written(character)
            if place is None:
                return None
            starts.append(place[0])
            ends.append(place[1])
        starts.append(ends[-1] if ends else self.here)
        return Text(value, starts, ends, raw=self.style == "|")

    def take(self, length: int) -> tuple[int, int]:
        start, self.here = self.here, self.here + length
        return start, self.here

    def skip_indent(self) -> None:
        if self.file.startswith(self.indent, self.here):
            self.here += len(self.indent)

    def escape(self) -> re.Match[str] | None:
        """Return the escape at this position; line continuations are skipped."""
        if self.style != '"':
            return None
        while continued := _CONTINUED.match(self.file, self.here, self.end):
            self.here = continued.end()
        return _ESCAPE.match(self.file, self.here, self.end)

    def blank(self, character: str) -> tuple[int, int]:
        """Return the position of white space: as it is written, or a line break that was folded."""
        if escape := self.escape():
            return self.take(len(escape[0]))
        dropped = character == "\n" or self.style not in _BLOCKS
        if dropped and (ending := _ENDING_SPACE.match(self.file, self.here, self.end)):
            self.here = ending.end()
        if found := _BREAK.match(self.file, self.here, self.end):
            place = self.take(len(found[0]))
            self.skip_indent()
            return place
        if self.here < self.end and self.file[self.here] == character:
            return self.take(1)
        return self.take(0)

    def written(self, character: str) -> tuple[int, int] | None:
        """Return the position of the next non-space character; None if it is a different one."""
        while not (escape := self.escape()) and self.here < self.end and self.file[self.here] in _SPACES:
            self.here += 1
        if escape:
            return self.take(len(escape[0]))
        if self.here >= self.end or self.file[self.here] != character:
            return None
        return self.take(2 if self.style == "'" == character else 1)
