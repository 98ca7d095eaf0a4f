"""Values of expressions, each with its position in the source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from asltool.syntax.text import Location, Places, Text

__all__ = [
    "Unknown",
    "Value",
    "from_tree",
    "is_partly_unknown",
    "object_of",
    "plain",
    "text_value",
    "unknown",
]

_NOT_IN_NAMES = re.compile(r"[^\w.:-]+")
_LONGEST_NAME = 120
_LARGEST = 100_000
"""How many values there may be in one, a string counting for each 10 of its characters."""


class Unknown(NamedTuple):
    """A value known only at deployment, with the name that its placeholder shows."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value of HCL: None, bool, int, float, str, a list of values, an object, or `Unknown`.

    An object has a `Value` for each key and each member. ``start`` and ``end`` are its position, ``text`` the
    characters of a string. ``rest`` names further, unknown elements of a list or an object. ``name`` is set
    for a variable's default that is null or empty and so only a stand-in: inside a definition it counts as
    unknown.
    """

    data: Any
    start: int
    end: int
    text: Text | None = None
    rest: str = ""
    name: str = ""
    size: int = field(default=1, compare=False)

    def __post_init__(self) -> None:
        """Count the values, shared ones each time: a few lines can make a value of any size."""
        data, size = self.data, 1
        if isinstance(data, str):
            size += len(data) // 10
        elif isinstance(data, list):
            size += sum(item.size for item in data)
        elif isinstance(data, dict):
            size += sum(member.size for _, member in data.values())
        object.__setattr__(self, "size", size)
        if size > _LARGEST:
            object.__setattr__(self, "data", Unknown("a value that is too large"))
            object.__setattr__(self, "size", 1)

    @property
    def known(self) -> bool:
        return not isinstance(self.data, Unknown)

    def at(self, start: int, end: int) -> Value:
        """Return the value with another position."""
        return replace(self, start=start, end=end)

    def characters(self) -> Text:
        """Return a string's characters with their positions."""
        return self.text or Text.instead(str(self.data), self.start, self.end)


def unknown(name: str, start: int, end: int) -> Value:
    """Return a value of which only the name is known; the name may be any text."""
    squeezed = _NOT_IN_NAMES.sub("_", name.strip())
    return Value(Unknown(squeezed[:_LONGEST_NAME]), start, end)


def text_value(text: Text, start: int, end: int) -> Value:
    return Value(text.characters, start, end, text)


def object_of(at: Value, **members: Value) -> Value:
    """Return an object such as ``each``, with the places of ``at``."""
    made = {name: (Value(name, at.start, at.end), value) for name, value in members.items()}
    return Value(made, at.start, at.end)


def is_partly_unknown(value: Value) -> bool:
    """Return whether a value or a part of it is unknown."""
    data = value.data
    if isinstance(data, Unknown) or value.rest:
        return True
    if isinstance(data, str):
        return "${" in data
    if isinstance(data, list):
        return any(map(is_partly_unknown, data))
    return isinstance(data, dict) and any(is_partly_unknown(member) for _, member in data.values())


def plain(value: Value) -> Any:
    """Return a value without positions; unknown values become placeholders."""
    data = value.data
    if isinstance(data, Unknown):
        return f"${{{data.name}}}"
    if isinstance(data, list):
        return [plain(each) for each in data]
    if isinstance(data, dict):
        return {name: plain(member) for name, (_, member) in data.items()}
    return data


def from_tree(value: Any, node: Location, places: Places) -> Value:
    """Return a value that was read as JSON or YAML."""
    start, end = places.text.place(node.start, node.end)
    if isinstance(value, dict):
        members = {}
        for name, member in value.items():
            inner = node.parts[name]
            at = places.text.place(*inner.key) if inner.key else (start, end)
            members[name] = (Value(name, *at), from_tree(member, inner, places))
        return Value(members, start, end)
    if isinstance(value, list):
        items = [from_tree(item, node.parts[index], places) for index, item in enumerate(value)]
        return Value(items, start, end)
    if isinstance(value, str):
        return Value(value, start, end, places.string(places.text, node.start, node.end, value))
    return Value(value, start, end)
