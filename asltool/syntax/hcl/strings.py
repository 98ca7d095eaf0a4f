"""Terraform functions for strings and numbers. Most of them do not support partly unknown strings."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from typing import Any

from asltool.syntax.hcl.calls import HclCall, HclFunction
from asltool.syntax.hcl.encode import scalar
from asltool.syntax.hcl.value import Value, is_partly_unknown, plain, text_value
from asltool.syntax.text import Text

__all__ = ["STRINGS"]

_VERB = re.compile(r"%(?:%|[-+ #0-9.]*[a-zA-Z])")


def _known(function: Callable[..., Any]) -> HclFunction:
    """Wrap a function of plain values, so that it is called only with known values."""

    def called(call: HclCall, values: list[Value]) -> Value | None:
        if any(is_partly_unknown(value) or value.name for value in values):
            return None
        made = function(*map(plain, values))
        if isinstance(made, list):
            return Value([Value(item, *call.place) for item in made], *call.place)
        return None if made is None else Value(made, *call.place)

    return called


def _trimspace(call: HclCall, values: list[Value]) -> Value | None:
    return _trimmed(call, values[0], left=True)


def _chomp(call: HclCall, values: list[Value]) -> Value | None:
    text = values[0].characters()
    return text_value(text.cut(0, len(text.characters.rstrip("\r\n"))), *call.place)


def _trimmed(call: HclCall, value: Value, *, left: bool) -> Value | None:
    if not isinstance(value.data, str):
        return None
    text = value.characters()
    characters = text.characters
    start = len(characters) - len(characters.lstrip()) if left else 0
    return text_value(text.cut(start, max(start, len(characters.rstrip()))), *call.place)


def _replace(call: HclCall, values: list[Value]) -> Value | None:
    """A pattern between slashes is a regular expression; only the syntax shared with Python is supported."""
    whole, old, new = values
    if is_partly_unknown(old) or not isinstance(whole.data, str):
        return None
    text, sought, other = whole.characters(), str(plain(old)), _part(new)
    is_pattern = len(sought) > 1 and sought[0] == sought[-1] == "/"
    if is_pattern and "$" in other:
        return None
    try:
        pattern = re.compile(sought[1:-1] if is_pattern else re.escape(sought))
    except re.error:
        return None
    parts, done = [], 0
    for match in pattern.finditer(text.characters) if sought else ():
        parts += [text.cut(done, match.start()), Text.instead(other, *text.place(*match.span()))]
        done = match.end()
    return text_value(Text.joined([*parts, text.cut(done, len(text.characters))]), *call.place)


def _part(value: Value) -> str:
    """Return the text of a value that becomes part of a string; unknown values become placeholders."""
    return f"${{{value.name}}}" if value.name else scalar(value) or str(plain(value))


def _join(call: HclCall, values: list[Value]) -> Value | None:
    joint, items = values
    if not isinstance(items.data, list) or items.rest or not isinstance(joint.data, str):
        return None
    return Value(joint.data.join(map(_part, items.data)), *call.place)


def _format(call: HclCall, values: list[Value]) -> Value | None:
    """Format with ``%s``, ``%d``, ``%v`` and ``%q``, also unknown values; other verbs are not supported."""
    template, *given = values
    if not isinstance(template.data, str):
        return None
    waiting = list(given)
    parts, done = [], 0
    for match in _VERB.finditer(template.data):
        parts.append(template.data[done : match.start()])
        done = match.end()
        if match[0] == "%%":
            parts.append("%")
        elif match[0] in ("%s", "%d", "%v", "%q"):
            part = _part(waiting.pop(0))
            parts.append(f'"{part}"' if match[0] == "%q" else part)
        else:
            return None
    return Value("".join([*parts, template.data[done:]]), *call.place)


def _to_string(call: HclCall, values: list[Value]) -> Value | None:
    [value] = values
    if value.text is not None:
        return value
    made = scalar(value)
    return None if made is None else Value(made, value.start, value.end)


def _to_number(text: Any) -> Any:
    if isinstance(text, str):
        return float(text) if re.search("[.eE]", text) else int(text)
    return text if not isinstance(text, bool) else None


def _to_boolean(text: Any) -> Any:
    return {"true": True, "false": False}.get(text, text if isinstance(text, bool) else None)


def _substring(text: str, start: int, length: int) -> str:
    return text[start:] if length < 0 else text[start : start + length]


STRINGS: dict[str, HclFunction] = {
    "abs": _known(abs),
    "abspath": _known(str),
    "basename": _known(os.path.basename),
    "ceil": _known(math.ceil),
    "chomp": _chomp,
    "dirname": _known(os.path.dirname),
    "endswith": _known(str.endswith),
    "floor": _known(math.floor),
    "format": _format,
    "join": _join,
    "lower": _known(str.lower),
    "max": _known(max),
    "min": _known(min),
    "parseint": _known(int),
    "pathexpand": _known(str),
    "replace": _replace,
    "split": _known(lambda joint, text: text.split(joint)),
    "startswith": _known(str.startswith),
    "strcontains": _known(lambda text, part: part in text),
    "substr": _known(_substring),
    "title": _known(str.title),
    "tobool": _known(_to_boolean),
    "tonumber": _known(_to_number),
    "tostring": _to_string,
    "trim": _known(str.strip),
    "trimprefix": _known(str.removeprefix),
    "trimspace": _trimspace,
    "trimsuffix": _known(str.removesuffix),
    "upper": _known(str.upper),
}
