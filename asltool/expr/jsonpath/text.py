"""A path as a value that is parsed once, and where it leads without any data."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from asltool.errors import ExpressionError
from asltool.expr.jsonpath.errors import Unreadable
from asltool.expr.jsonpath.parser import parse
from asltool.expr.jsonpath.segments import Indexes, NameSelector, Query
from asltool.expr.parsed_string import ParsedString

__all__ = ["PathText", "PlainPath", "PlainStep", "parse_path", "plain_steps"]

_ROOT = re.compile(r"\$(\$|[^\W\d]\w*)?")
_PLAIN_NAME = re.compile(r"[\w-]+")

PlainStep = str | int
"""A name or an index."""


class PlainPath(NamedTuple):
    """Where an expression leads: ``root`` is ``$``, ``$$`` or a variable's ``$name``.

    With ``goes_on``, these are only the steps before the first one that may lead to several values or null.
    """

    root: str
    steps: tuple[PlainStep, ...]
    goes_on: bool = False

    def __str__(self) -> str:
        return self.root + "".join(map(_step_text, self.steps))

    def upto(self, count: int) -> PlainPath:
        """Return the place that the first steps lead to, given their number."""
        return PlainPath(self.root, self.steps[:count])

    @property
    def names(self) -> tuple[str, ...] | None:
        """The steps, if all of them are names."""
        names = tuple(step for step in self.steps if isinstance(step, str))
        return names if len(names) == len(self.steps) else None


def _step_text(step: PlainStep) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_NAME.fullmatch(step) else f"['{step}']"


class PathText(ParsedString):
    """The text of a path field, which may not be a valid path."""

    @cached_property
    def parsed(self) -> tuple[str, Query]:
        """The root (empty for ``$``, ``$$``, or a variable's name) and the steps.

        Raises:
            ExpressionError: the text is not a path; the message is Jayway's if it has one.
        """
        found = _ROOT.match(self)
        if found is None:
            raise ExpressionError('a path must start with "$"', self, 0)
        name = found[1] or ""
        try:
            query = parse(f"${self[found.end() :]}", len(name))
        except Unreadable as error:
            raise ExpressionError(error.message, self, min(max(error.offset, 0), len(self))) from None
        return "$$" if name == "$" else name, query

    @cached_property
    def place(self) -> PlainPath | None:
        """Where the path leads; None if the text is not a path."""
        try:
            root, query = self.parsed
        except ExpressionError:
            return None
        steps = plain_steps(query)
        return PlainPath(root if root == "$$" else f"${root}", steps, len(steps) < len(query.segments))


def parse_path(text: str) -> tuple[str, Query]:
    """Return the root and the steps of a path; see `PathText.parsed`."""
    return PathText.of(text).parsed


def plain_steps(query: Query) -> tuple[PlainStep, ...]:
    """Return the names and indexes from 0 that a path begins with, each of which leads to one value."""
    steps: list[PlainStep] = []
    for step in query.segments:
        if isinstance(step, NameSelector) and len(step.names) == 1:
            steps.append(step.names[0])
        elif isinstance(step, Indexes) and len(step.indexes) == 1 and step.indexes[0] >= 0:
            steps.append(step.indexes[0])
        else:
            break
    return tuple(steps)
