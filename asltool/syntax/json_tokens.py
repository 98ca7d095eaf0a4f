"""The tokens of JSON text: valid ones, and those that people write by mistake."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

__all__ = ["DEEPEST", "TOKEN", "is_number", "key_text", "string_faults"]

DEEPEST = 200
"""How deep objects and arrays may be nested, so that what walks a definition need not fear its depth."""

TOKEN = re.compile(
    r"""
      (?P<space>[ \t\n\r]+)
    | (?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")
    | (?P<open>[{[])
    | (?P<close>[}\]])
    | (?P<comma>,)
    | (?P<colon>:)
    | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![^\s{}\[\],:"'/#]))
    | (?P<literal>(?:true|false|null)(?![^\s{}\[\],:"'/#]))
    | (?P<comment>//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))
    | (?P<broken>"(?:[^"\\\n]|\\[^\n])*")
    | (?P<unclosed>"[^\n]*)
    | (?P<single>'(?:[^'\\\n]|\\[^\n])*'?)
    | (?P<word>\$\{[^}\n]*\}|[^\s{}\[\],:"'/#]+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Matches anywhere; the name of the group is the kind of token. ``broken`` is a string with faults inside."""

_IN_STRING = re.compile(
    r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|(?P<control>[\x00-\x1f])|(?P<escape>\\.?)', re.DOTALL
)
_CONTROL_NAMES = {"\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def string_faults(token: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is wrong inside a string in quotes, as offsets in the token and a message."""
    for match in _IN_STRING.finditer(token):
        if control := match["control"]:
            written = _CONTROL_NAMES.get(control, f"\\u{ord(control):04x}")
            yield *match.span(), f"a control character in a string must be written {written}"
        elif escape := match["escape"]:
            yield *match.span(), f"{escape} is not a valid escape. a backslash must be written \\\\"
    if any("\ud800" <= character <= "\udfff" for character in key_text(token)):
        yield 0, len(token), "half a surrogate pair is not a character"


def key_text(token: str) -> str:
    """Return a key as `json.loads` reads it, or as it is written if that fails."""
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def is_number(token: str) -> bool:
    """Return whether Python can hold the number: no infinity, no integer of thousands of digits."""
    try:
        return math.isfinite(float(token)) or bool(int(token))
    except ValueError:
        return False
