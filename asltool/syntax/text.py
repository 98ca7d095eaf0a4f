"""A definition's own text, and where each of its characters stands in the file that holds it."""

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
    """Where a value stands: offsets of the value, and of the key before it.

    An object or array is marked by its opening bracket, from ``start`` to ``end``; ``stop`` is where all of
    it ends. ``parts`` are the nodes inside, or a function that finds them when they are first needed.
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
    """Characters with their places.

    Character ``i`` stands from ``starts[i]`` to ``ends[i]`` in the file; the last of ``starts`` is where the
    text ends. With ``raw`` a character is written in the file as it is, without escapes.
    """

    characters: str
    starts: Sequence[int]
    ends: Sequence[int]
    raw: bool = True

    @classmethod
    def whole(cls, file: str) -> Text:
        """Return the text that is the whole file."""
        return cls(file, range(len(file) + 1), range(1, len(file) + 1))

    @classmethod
    def instead(cls, characters: str, start: int, end: int) -> Text:
        """Return characters that stand for a place of the file that is written otherwise."""
        size = len(characters)
        return cls(characters, [*[start] * size, end], [end] * size, raw=False)

    @classmethod
    def joined(cls, parts: Iterable[Text]) -> Text:
        """Return texts one after the other."""
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
        """Return where the characters between two offsets stand in the file."""
        return self.starts[start], self.ends[end - 1] if end > start else self.starts[start]


@dataclass(frozen=True)
class Places:
    """Where the values of a definition stand.

    ``find`` returns the root of their nodes, whose offsets are those of ``text``. ``string`` returns a string
    value with the places of its characters, given the offsets between which it is written; None where they
    cannot be told.
    """

    text: Text
    find: Callable[[], Location]
    string: Callable[[Text, int, int, str], Text | None]

    @cached_property
    def root(self) -> Location:
        """The places of all values. Found on the first question: a document without problems never asks."""
        return self.find()

    def node(self, pointer: Pointer) -> Location:
        """Return the node of a value, or of the last value on the way to it."""
        node = self.root
        for step in pointer:
            if step not in node.parts:
                break
            node = node.parts[step]
        return node


def offsets() -> array[int]:
    """Return an empty list of offsets that takes eight bytes for each."""
    return array("q")


def json_string(text: Text, start: int, end: int, value: str) -> Text | None:
    """Return a string whose quotes stand at these offsets; see `Places`."""
    first, last = start + 1, end - 1
    if text.characters.find("\\", first, last) < 0:
        # Most strings have no escapes; then their places are a part of those of the text.
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
    """Return the value at a pointer, `ABSENT` where the pointer leads nowhere."""
    for step in pointer:
        steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        if step not in steps:
            return ABSENT
        value = value[step]
    return value
