"""The character classes of Java's regular expressions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeAlias

__all__ = ["CLASSES", "UNICODE_CLASSES", "VERTICAL", "CharacterTest", "among", "is_word", "named", "without"]

CharacterTest: TypeAlias = Callable[[str], bool]
"""Whether a character is one of a class."""


def among(characters: str) -> CharacterTest:
    return characters.__contains__


def _category(prefix: str) -> CharacterTest:
    return lambda character: unicodedata.category(character).startswith(prefix)


def _ascii(accepts: CharacterTest) -> CharacterTest:
    return lambda character: character.isascii() and accepts(character)


def without(accepts: CharacterTest) -> CharacterTest:
    return lambda character: not accepts(character)


def is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


_HORIZONTAL = " \t\xa0\u1680\u180e\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
VERTICAL = "\n\x0b\f\r\x85\u2028\u2029"

CLASSES: dict[str, CharacterTest] = {
    "d": _ascii(str.isdigit),
    "h": among(_HORIZONTAL),
    "s": among(" \t\n\x0b\f\r"),
    "v": among(VERTICAL),
    "w": _ascii(is_word),
}
UNICODE_CLASSES: dict[str, CharacterTest] = {**CLASSES, "d": _category("Nd"), "s": str.isspace, "w": is_word}
_NAMED: dict[str, CharacterTest] = {
    "ASCII": str.isascii,
    "Alnum": _ascii(str.isalnum),
    "Alpha": _ascii(str.isalpha),
    "Blank": among(" \t"),
    "Cntrl": _ascii(_category("Cc")),
    "Digit": _ascii(str.isdigit),
    "Graph": _ascii(lambda character: "!" <= character <= "~"),
    "IsAlphabetic": str.isalpha,
    "IsDigit": _category("Nd"),
    "IsLetter": str.isalpha,
    "IsLowercase": str.islower,
    "IsUppercase": str.isupper,
    "Lower": _ascii(str.islower),
    "Print": _ascii(str.isprintable),
    "Punct": among("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    "Space": among(" \t\n\x0b\f\r"),
    "Upper": _ascii(str.isupper),
    "XDigit": among("0123456789abcdefABCDEF"),
}
_CATEGORY = re.compile(r"(?:Is|gc=)?([CLMNPSZ][a-z]?)")


def named(name: str) -> CharacterTest | None:
    r"""Return the class of ``\p{name}``; None for an unknown name."""
    category = _CATEGORY.fullmatch(name)
    return _NAMED.get(name) or (_category(category[1]) if category else None)
