"""A definition's own text, and the offset of each of its characters in the file."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from asltool.syntax.model import ABSENT, Pointer

__all__ = ["Location", "Places", "Text", "at", "json_string", "offsets"]

_PART = re.compile(
    r"[^\\]+"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\.",
    re.DOTALL,
)
_ESCAPES = {'\\"': '"', "\\\\": "\\", "\\/": "/", "\\n": "\n", "\\t": "\t", "\\r": "\r"}


Parts: TypeAlias = "dict[str | int, Location]"


class Location:
    """The position of a value: the offsets of the value and of the key before it.

    For an object or array, ``start`` and ``end`` are those of its opening bracket, and ``stop`` is the end of
    the whole value. ``parts`` are the nodes inside, or a function that finds them on first use.
    """

    __slots__ = ("_parts", "end", "key", "start", "stop")

    def __init__(
        self,
        start: int,
        end: int,
        key: tuple[int, int] | None = None,
        parts: Parts | Callable[[], Parts] = dict,
        stop: int | None = None,
    ) -> None:
        self.start = start
        self.end = end
        self.stop = end if stop is None else stop
        self.key = key
        self._parts = parts

    @property
    def parts(self) -> Parts:
        if not isinstance(self._parts, dict):
            self._parts = self._parts()
        return self._parts


class Text(NamedTuple):
    """Characters with their positions in a file.

    Character ``i`` spans ``starts[i]`` to ``ends[i]`` in the file; the last of ``starts`` is the end of the
    text. ``raw`` means that the file has the characters as they are, without escapes.
    """

    characters: str
    starts: Sequence[int]
    ends: Sequence[int]
    raw: bool = True

    @classmethod
    def whole(cls, file: str) -> Text:
        """Return the text of a whole file."""
        return cls(file, range(len(file) + 1), range(1, len(file) + 1))

    @classmethod
    def instead(cls, characters: str, start: int, end: int) -> Text:
        """Return characters for a span of the file that has another spelling."""
        size = len(characters)
        return cls(characters, [*[start] * size, end], [end] * size, raw=False)

    @classmethod
    def joined(cls, parts: Iterable[Text]) -> Text:
        """Return the concatenation of texts."""
        kept = list(parts)
        starts, ends = offsets(), offsets()
        for part in kept:
            starts.extend(part.starts[:-1])
            ends.extend(part.ends)
        starts.append(kept[-1].starts[-1] if kept else 0)
        characters = "".join(part.characters for part in kept)
        return cls(characters, starts, ends, raw=all(part.raw for part in kept))

    def cut(self, start: int, end: int) -> Text:
        """Return the part between two offsets."""
        return Text(
            self.characters[start:end], self.starts[start : end + 1], self.ends[start:end], raw=self.raw
        )

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the file of the characters between two offsets."""
        return self.starts[start], self.ends[end - 1] if end > start else self.starts[start]


@dataclass(frozen=True)
class Places:
    """The positions of the values of a definition.

    ``find`` returns the root of their nodes, whose offsets are those of ``text``. ``string`` returns a string
    value with the positions of its characters, given the offsets of the value; None if they cannot be
    determined.
    """

    text: Text
    find: Callable[[], Location]
    string: Callable[[Text, int, int, str], Text | None]

    @cached_property
    def root(self) -> Location:
        """The positions of all values, found on first use: a document without problems never needs them."""
        return self.find()

    def node(self, pointer: Pointer) -> Location:
        """Return the node of a value, or of the last existing value along the pointer."""
        node = self.root
        for step in pointer:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node


def offsets() -> array[int]:
    """Return an empty array of offsets, eight bytes each."""
    return array("q")


def json_string(text: Text, start: int, end: int, value: str) -> Text | None:
    """Return the string whose quotes are at these offsets; see `Places`."""
    first, last = start + 1, end - 1
    if text.characters.find("\\", first, last) < 0:
        # Most strings have no escapes, so their positions are a slice of the text's.
        inner = text.cut(first, last)
        return inner._replace(raw=False) if inner.characters == value else None
    characters: list[str] = []
    starts, ends = offsets(), offsets()
    for match in _PART.finditer(text.characters, start + 1, end - 1):
        part, (first, last) = match[0], match.span()
        if part[0] == "\\":
            part = _ESCAPES.get(part) or _meaning(part)
            place = text.place(first, last)
            starts.extend([place[0]] * len(part))
            ends.extend([place[1]] * len(part))
        else:
            starts.extend(text.starts[first:last])
            ends.extend(text.ends[first:last])
        characters.append(part)
    if "".join(characters) != value:
        return None
    starts.append(text.starts[end - 1])
    return Text(value, starts, ends, raw=False)


def _meaning(escape: str) -> str:
    try:
        return str(json.loads(f'"{escape}"'))
    except ValueError:
        return escape


def at(value: Any, pointer: Pointer) -> Any:
    """Return the value at a pointer; `ABSENT` if there is none."""
    for step in pointer:
        steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        if step not in steps:
            return ABSENT
        value = value[step]
    return value
