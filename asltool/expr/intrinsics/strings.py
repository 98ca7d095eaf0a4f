"""The intrinsic functions for strings.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from asltool.expr.environment import Json
from asltool.expr.intrinsics.registry import RefusedArguments, intrinsic
from asltool.expr.values import dumps

__all__ = ["template_parts"]

_ESCAPES = {"\\\\", "\\'", "\\{", "\\}"}
_TEMPLATE_TOKEN = re.compile(r"\\[\\'{}]|\{\}|[{}]|[^\\{}]+|\\")


@intrinsic("States.Format", "template", "any*")
def format_(template: Json, *values: Json) -> str:
    """Return the template with each ``{}`` replaced by the next value.

    Objects and arrays are written as Java prints them; for a template that is not a string, its JSON text is
    used.
    """
    parts = template_parts(_text(template))
    if len(parts) != len(values) + 1:
        raise RefusedArguments(
            "Invalid arguments in States.Format: number of arguments do not match the occurrences of {}."
        )
    pieces = [parts[0]]
    for value, part in zip(values, parts[1:], strict=True):
        pieces += (_text(value), part)
    return "".join(pieces)


@lru_cache(maxsize=1024)
def template_parts(template: str) -> tuple[str, ...]:
    """Return the texts around each ``{}`` with escapes resolved: one more than there are ``{}``.

    Functions get only JSON values, so the parts of a template are cached here between calls.

    Raises: Refused: a brace is unmatched.
    """
    parts = [""]
    for token in _TEMPLATE_TOKEN.findall(template):
        if token == "{}":
            parts.append("")
        elif token == "{":
            raise RefusedArguments("Invalid template in States.Format: matching '}' not found for '{'.")
        elif token == "}":
            raise RefusedArguments("Invalid template in States.Format: matching '{' not found for '}'.")
        else:
            parts[-1] += token[1:] if token in _ESCAPES else token
    return tuple(parts)


def _text(value: Json) -> str:
    """Return a value as Java's ``toString`` does: ``{name=Ada, tags=[a, b]}``."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}={_text(item)}" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_text, value)) + "]"
    return dumps(value)


@intrinsic("States.StringSplit", "string", "string")
def string_split(text: str, delimiters: str) -> list[str]:
    """Return the non-empty pieces between any of the delimiter characters."""
    if not delimiters:
        return [text] if text else []
    first = delimiters[0]
    return [
        piece for piece in text.translate(dict.fromkeys(map(ord, delimiters), first)).split(first) if piece
    ]


@intrinsic("States.UUID", uses_chance=True)
def uuid(uniform: Callable[[], float]) -> str:
    """Return a version 4 UUID."""
    bits = 0
    for _ in range(4):
        bits = bits << 32 | int(uniform() * 0x1_0000_0000)
    return str(UUID(int=bits, version=4))
