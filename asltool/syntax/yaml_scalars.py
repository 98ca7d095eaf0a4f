"""The value of a plain scalar. Where the versions of YAML disagree, it is a string.

CloudFormation and SAM read YAML 1.1, the Serverless Framework and editors read 1.2. A ``no``, ``012`` or
``1:30`` is a boolean or a number for some of them, and a string for others and for most authors. Timestamps
are strings for all of them.

Source: https://yaml.org/type/ (1.1), https://yaml.org/spec/1.2.2/#103-core-schema (1.2) and
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import re

__all__ = ["is_disputed", "plain_value"]

_WORDS = {
    form: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for form in (word, word.capitalize(), word.upper())
} | {"": None, "~": None}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_HEXADECIMAL = re.compile(r"[-+]?0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DISPUTED = re.compile(
    r"(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)"
    r"|[-+]?(?:0b[01_]+|0o[0-7]+|0[0-9]+|[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
    r"|[-+]?(?=[0-9._]*_)[0-9][0-9_]*(?:\.[0-9_]*)?"
)


def plain_value(text: str) -> str | int | float | bool | None:
    """Return the value of an unquoted scalar. Infinity and NaN are returned, although JSON has neither.

    Raises:
        ValueError: an integer of thousands of digits.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _HEXADECIMAL.fullmatch(text):
        return int(text, 16)
    return float(text.replace(".", "", 1)) if _NOT_FINITE.fullmatch(text) else text


def is_disputed(text: str) -> bool:
    """Return whether an unquoted scalar that we read as a string is a boolean or number to other readers."""
    return _DISPUTED.fullmatch(text) is not None
