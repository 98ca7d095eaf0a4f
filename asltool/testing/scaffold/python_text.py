"""Python source of values and names."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Callable
from typing import Any

__all__ = ["PythonNames", "line_of", "literal"]

_WIDTH = 88
_CONSTANTS = {True: "True", False: "False", None: "None"}


def literal(value: Any, indent: str = "", room: int = _WIDTH) -> str:
    """Return a JSON value as Python source, on several lines if it does not fit on one."""
    short = _short(value)
    if len(short) <= room or not isinstance(value, dict | list) or not value:
        return short
    deeper = indent + "    "
    if isinstance(value, list):
        lines = [line_of(deeper, item, ",") for item in value]
    else:
        lines = [line_of(f"{deeper}{_text(name)}: ", part, ",") for name, part in value.items()]
    opening, closing = "[]" if isinstance(value, list) else "{}"
    return "\n".join([opening, *lines, indent + closing])


def line_of(before: str, value: Any, after: str = "") -> str:
    """Return a statement that ends with a value."""
    indent = before[: len(before) - len(before.lstrip())]
    return before + literal(value, indent, _WIDTH - len(before) - len(after)) + after


def _short(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(name)}: {_short(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return _CONSTANTS[value] if value is None or isinstance(value, bool) else repr(value)


def _text(text: str) -> str:
    """Return a Python string literal, in double quotes if JSON has all the escapes that it needs."""
    seen = all(character.isprintable() or character == "\n" for character in text)
    return json.dumps(text, ensure_ascii=False) if seen else repr(text)


class PythonNames:
    """Unique Python names for texts, different from those that Python or the file uses.

    Args:
        taken: the names that the file uses.
    """

    def __init__(self, *taken: str) -> None:
        self._taken = {*taken, *keyword.kwlist, *dir(builtins)}

    def function(self, text: str) -> str:
        """Return a name such as ``charge_card``."""
        return self._new(text, "_".join, str.lower, "task")

    def type(self, text: str, ending: str = "") -> str:
        """Return a name such as ``ChargeCardInput``."""
        return self._new(text, lambda words: "".join(map(_capitalized, words)) + ending, str, "Task")

    def _new(
        self, text: str, join: Callable[[list[str]], str], change: Callable[[str], str], default: str
    ) -> str:
        words = [change(word) for word in re.findall(r"[A-Za-z0-9]+", text)]
        if not words or words[0][0].isdigit():
            words.insert(0, default)
        name, number = join(words), 2
        while name in self._taken:
            name, number = join([*words, str(number)]), number + 1
        self._taken.add(name)
        return name


def _capitalized(word: str) -> str:
    return word[:1].upper() + word[1:]
