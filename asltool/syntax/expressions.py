"""The expressions of a definition as values: strings that are parsed once, on first use.

Wherever there is an expression, the model and the texts that rules check hold a `PathText`, a `CallText` or a
`JsonataText`. Each is a string, so it compares, compiles and prints like one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any, Literal, TypeVar

from asltool.expr import jsonata
from asltool.expr.environment import Json
from asltool.expr.intrinsics.text import CallText
from asltool.expr.jsonata import JsonataText
from asltool.expr.jsonpath.text import PathText, PlainPath
from asltool.expr.parsed_string import ParsedString
from asltool.syntax.placeholders import has_placeholder

__all__ = [
    "PLAIN_PATH",
    "ROOT",
    "SUFFIX",
    "CallText",
    "Expressions",
    "JsonataText",
    "Once",
    "PathText",
    "PlainPath",
    "held_in",
    "jsonata_place",
    "jsonata_tree",
    "place",
]

SUFFIX = ".$"
"""How the key of an expression ends in a payload template."""

PLAIN_PATH = re.compile(r"\$(?:\$|\w+)?(?:\.[\w-]+|\[\d+\])*")
"""A path of names after dots and indexes alone, as most are: no way to write it better."""

ROOT = PathText("$")

_Key = TypeVar("_Key")
_Made = TypeVar("_Made")


def place(text: str) -> PlainPath | None:
    """Return where a path leads; None if the text is not a path or has a placeholder."""
    return None if has_placeholder(text) else PathText.of(text).place


def jsonata_tree(text: str) -> jsonata.JsonataNode | None:
    """Return the syntax tree of a JSONata string; None if it has errors or a placeholder."""
    if has_placeholder(text):
        return None
    try:
        return JsonataText.of(text).tree
    except jsonata.JsonataSyntaxProblem:
        return None


def jsonata_place(node: jsonata.JsonataNode) -> PlainPath | None:
    """Return where a JSONata path leads by its names; None if it does not begin with a variable."""
    first, *rest = node.children if node.kind == "path" else (node,)
    if first.kind != "variable" or first.value in ("", "$"):
        return None
    names = [step.value for step in takewhile(lambda step: step.kind == "name", rest)]
    return PlainPath(f"${first.value}", tuple(names), len(names) < len(rest))


def held_in(template: Json) -> Iterator[ParsedString]:
    """Yield the expressions in a payload template, or in JSON with JSONata."""
    if isinstance(template, ParsedString):
        yield template
    elif isinstance(template, dict | list):
        for part in template.values() if isinstance(template, dict) else template:
            yield from held_in(part)


class Once(dict[_Key, _Made]):
    """Values by the key they are made from, each made on first use."""

    def __init__(self, make: Callable[[_Key], _Made]) -> None:
        self._make = make

    def __missing__(self, key: _Key) -> _Made:
        made = self[key] = self._make(key)
        return made


class Expressions:
    """The expressions of one definition. Those with the same text are one value, parsed once."""

    def __init__(self) -> None:
        path = self.path = Once(PathText).__getitem__
        self.jsonata = Once(JsonataText).__getitem__

        # Not a method: that would make a reference cycle, which only the garbage collector could free.
        def call(text: str) -> CallText:
            made = CallText(text)
            made.path = path
            return made

        self._calls = Once(call)

    def path_or_call(self, text: str) -> PathText | CallText:
        """Return the value of a key with the `SUFFIX`, or of any other field that takes a path or a call."""
        return self.path(text) if text.startswith("$") else self._calls[text]

    def template(self, value: Json, language: Literal["JSONPath", "JSONata"]) -> Json:
        """Return a payload template, or JSON that contains JSONata, with its expressions as values."""
        if language == "JSONata":
            return self._in_jsonata(value)
        return self._in_jsonpath(value) if isinstance(value, dict | list) else value

    def _in_jsonpath(self, value: dict[str, Any] | list[Any]) -> Json:
        if isinstance(value, list):
            return [self._in_jsonpath(part) if isinstance(part, dict | list) else part for part in value]
        made = value.copy()
        for key, part in value.items():
            if isinstance(part, str):
                if key.endswith(SUFFIX):
                    made[key] = self.path_or_call(part)
            elif isinstance(part, dict | list):
                made[key] = self._in_jsonpath(part)
        return made

    def _in_jsonata(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.jsonata(value) if jsonata.is_expression(value) else value
        if isinstance(value, dict):
            return {key: self._in_jsonata(part) for key, part in value.items()}
        return [self._in_jsonata(part) for part in value] if isinstance(value, list) else value
