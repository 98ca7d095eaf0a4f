"""Encode values as JSON text, as ``jsonencode`` does, with the position of every character."""

from __future__ import annotations

import json
import re

from asltool.syntax.hcl.value import Unknown, Value
from asltool.syntax.sources.embedded import MARK
from asltool.syntax.text import Text

__all__ = ["encoded", "scalar"]

_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


def encoded(value: Value) -> Text:
    """Return a value as JSON. Unknown values become marked strings; see `embedded`."""
    writer = _Writer()
    writer.value(value)
    return Text("".join(writer.parts), [*writer.starts, value.end], writer.ends, raw=False)


def scalar(value: Value) -> str | None:
    """Return the string that HCL converts a number, a boolean or a string to; None for anything else."""
    data = value.data
    if isinstance(data, bool):
        return "true" if data else "false"
    if isinstance(data, float):
        return json.dumps(int(data) if data.is_integer() else data)
    return str(data) if isinstance(data, str | int) else None


class _Writer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def put(self, characters: str, start: int, end: int) -> None:
        self.parts.append(characters)
        self.starts += [start] * len(characters)
        self.ends += [end] * len(characters)

    def value(self, value: Value) -> None:
        data, start, end = value.data, value.start, value.end
        if value.name or isinstance(data, Unknown):
            self.put(f'"{MARK}${{{value.name or data.name}}}"', start, end)
        elif isinstance(data, str):
            self.string(value)
        elif isinstance(data, dict):
            self.object(value)
        elif isinstance(data, list):
            self.array(value)
        else:
            self.put("null" if data is None else scalar(value) or "null", start, end)

    def string(self, value: Value) -> None:
        text = value.characters()
        self.put('"', value.start, value.start + 1)
        done = 0
        for match in _TO_ESCAPE.finditer(text.characters):
            self.text(text.cut(done, match.start()))
            self.put(json.dumps(match[0])[1:-1], *text.place(*match.span()))
            done = match.end()
        self.text(text.cut(done, len(text.characters)))
        self.put('"', max(value.end - 1, value.start), value.end)

    def text(self, text: Text) -> None:
        self.parts.append(text.characters)
        self.starts += text.starts[: len(text.characters)]
        self.ends += text.ends

    def object(self, value: Value) -> None:
        self.put("{", value.start, value.start + 1)
        comma = ""
        for key, member in value.data.values():
            self.put(comma, key.start, key.start)
            self.string(key)
            self.put(":", key.end, key.end)
            self.value(member)
            comma = ","
        if value.rest:
            more = f"${{{value.rest}}}"
            self.put(f'{comma}"{more}":"{MARK}{more}"', value.start, value.end)
        self.put("}", value.end - 1, value.end)

    def array(self, value: Value) -> None:
        self.put("[", value.start, value.start + 1)
        comma = ""
        for item in value.data:
            self.put(comma, item.start, item.start)
            self.value(item)
            comma = ","
        if value.rest:
            self.put(f'{comma}"{MARK}${{{value.rest}}}"', value.start, value.end)
        self.put("]", value.end - 1, value.end)
