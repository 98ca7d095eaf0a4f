"""The expressions of a definition as values: strings that are read once, when they are first looked into.

The model and the texts that rules look at hold a `PathText`, a `CallText` or a `JsonataText` wherever an
expression stands. Each is the string that it was, so that it compares, compiles and prints as before.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from asltool.errors import ExpressionError
from asltool.expr import jsonata
from asltool.expr.environment import Json
from asltool.expr.jsonpath.path import parse_path
from asltool.expr.jsonpath.steps import Indexes, Names
from asltool.syntax.placeholders import has_placeholder

if TYPE_CHECKING:
    from asltool.expr.intrinsics.grammar import PathArgument

__all__ = [
    "PLAIN_PATH",
    "ROOT",
    "SUFFIX",
    "CallText",
    "Expressions",
    "JsonataText",
    "PathText",
    "Place",
    "Step",
    "call_paths",
    "jsonata_place",
    "jsonata_tree",
    "place",
]

SUFFIX = ".$"
"""How the key of an expression ends in a payload template."""

Step = str | int
"""A name or an index."""

PLAIN_PATH = re.compile(r"\$(?:\$|\w+)?(?:\.[\w-]+|\[\d+\])*")
"""A path of names after dots and indexes alone, as most are: no way to write it better."""

_PLAIN_NAME = re.compile(r"[\w-]+")


class Place(NamedTuple):
    """Where an expression leads: ``root`` is ``$``, ``$$`` or a variable's ``$name``.

    With ``goes_on`` these are only the first steps, before one that may lead to several values or to null.
    """

    root: str
    steps: tuple[Step, ...]
    goes_on: bool = False

    def __str__(self) -> str:
        return self.root + "".join(map(_step_text, self.steps))

    def upto(self, count: int) -> Place:
        """Return the place that the first steps lead to."""
        return Place(self.root, self.steps[:count])

    @property
    def names(self) -> tuple[str, ...] | None:
        """The steps, if all of them are names."""
        names = tuple(step for step in self.steps if isinstance(step, str))
        return names if len(names) == len(self.steps) else None


def _step_text(step: Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"['{step}']"


class _Value(str):
    """A string that travels to other processes as the string alone."""

    def __reduce__(self) -> tuple[type, tuple[str]]:
        return type(self), (str(self),)


class PathText(_Value):
    """What stands where a path belongs."""

    @cached_property
    def place(self) -> Place | None:
        """Where the path leads; None if it is none, or not clear: it has a placeholder."""
        if has_placeholder(self):
            return None
        try:
            root, query = parse_path(self)
        except ExpressionError:
            return None
        steps: list[Step] = []
        for step in query.steps:
            if isinstance(step, Names) and len(step.names) == 1:
                steps.append(step.names[0])
            elif isinstance(step, Indexes) and len(step.indexes) == 1 and step.indexes[0] >= 0:
                steps.append(step.indexes[0])
            else:
                break
        return Place(root if root == "$$" else f"${root}", tuple(steps), len(steps) < len(query.steps))


ROOT = PathText("$")


class CallText(_Value):
    """What stands where an intrinsic function call belongs."""

    @cached_property
    def paths(self) -> tuple[PathArgument, ...] | None:
        """The paths among the arguments; None for what is no call."""
        from asltool.expr.intrinsics import grammar

        try:
            found = grammar.paths(grammar.parse(self))
            return tuple(path._replace(text=PathText(path.text)) for path in found)
        except ExpressionError:
            return None


class JsonataText(_Value):
    """A string in ``{% %}``."""

    @cached_property
    def tree(self) -> jsonata.Node | None:
        """The syntax tree; None if there is none, or the text has a placeholder."""
        if has_placeholder(self):
            return None
        try:
            return jsonata.parse(jsonata.expression_in(self)[0])
        except jsonata.SyntaxProblem:
            return None


def place(text: str) -> Place | None:
    """Return where a path leads, as `PathText.place` says."""
    return (text if isinstance(text, PathText) else PathText(text)).place


def call_paths(text: str) -> tuple[PathArgument, ...] | None:
    """Return the paths among the arguments of a call, as `CallText.paths` says."""
    return (text if isinstance(text, CallText) else CallText(text)).paths


def jsonata_tree(text: str) -> jsonata.Node | None:
    """Return the syntax tree of a JSONata string, as `JsonataText.tree` says."""
    return (text if isinstance(text, JsonataText) else JsonataText(text)).tree


def jsonata_place(node: jsonata.Node) -> Place | None:
    """Return where a JSONata path leads by its names; None if it is none that begins with a variable."""
    first, *rest = node.children if node.kind == "path" else (node,)
    if first.kind != "variable" or first.value in ("", "$"):
        return None
    names = [step.value for step in takewhile(lambda step: step.kind == "name", rest)]
    return Place(f"${first.value}", tuple(names), len(names) < len(rest))


class Expressions:
    """The expressions of one definition: those with the same text are one value, read once for all."""

    def __init__(self) -> None:
        self._paths: dict[str, PathText] = {}
        self._calls: dict[str, CallText] = {}
        self._jsonata: dict[str, JsonataText] = {}

    def path(self, text: str) -> PathText:
        found = self._paths.get(text)
        if found is None:
            found = self._paths[text] = PathText(text)
        return found

    def path_or_call(self, text: str) -> PathText | CallText:
        """Return what stands under a key with a `SUFFIX`, or wherever else a path or a call may stand."""
        if text.startswith("$"):
            return self.path(text)
        found = self._calls.get(text)
        if found is None:
            found = self._calls[text] = CallText(text)
        return found

    def jsonata(self, text: str) -> JsonataText:
        found = self._jsonata.get(text)
        if found is None:
            found = self._jsonata[text] = JsonataText(text)
        return found

    def template(self, value: Json, language: Literal["JSONPath", "JSONata"]) -> Json:
        """Return a payload template, or JSON with JSONata in it, with its expressions as values."""
        if language == "JSONata":
            return self._in_jsonata(value)
        return self._in_jsonpath(value) if isinstance(value, dict | list) else value

    def _in_jsonpath(self, value: dict[str, Any] | list[Any]) -> Json:
        if isinstance(value, list):
            return [self._in_jsonpath(part) if isinstance(part, dict | list) else part for part in value]
        made = value.copy()
        for key, part in value.items():
            if isinstance(part, dict | list):
                made[key] = self._in_jsonpath(part)
            elif key.endswith(SUFFIX) and isinstance(part, str):
                made[key] = self.path_or_call(part)
        return made

    def _in_jsonata(self, value: Json) -> Json:
        if isinstance(value, str):
            return self.jsonata(value) if jsonata.is_expression(value) else value
        if isinstance(value, dict):
            return {key: self._in_jsonata(part) for key, part in value.items()}
        return [self._in_jsonata(part) for part in value] if isinstance(value, list) else value
