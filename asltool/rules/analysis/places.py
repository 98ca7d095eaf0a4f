"""Where expressions lead, as far as that can be said without any data.

Texts are read once: a definition is followed state by state, and asked about again and again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from asltool.errors import ExpressionError
from asltool.expr import jsonata
from asltool.expr.jsonpath.path import parse_path
from asltool.expr.jsonpath.steps import Indexes, Names
from asltool.syntax.document import has_placeholder

if TYPE_CHECKING:
    from asltool.expr.intrinsics.grammar import PathArgument

__all__ = ["Place", "Step", "call_paths", "jsonata_place", "jsonata_tree", "place"]

Step = str | int
"""A name or an index."""

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


@lru_cache(maxsize=4096)
def place(text: str) -> Place | None:
    """Return where a path leads; None if it is none, or not clear: it has a placeholder."""
    if has_placeholder(text):
        return None
    try:
        root, query = parse_path(text)
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


@lru_cache(maxsize=4096)
def call_paths(text: str) -> tuple[PathArgument, ...] | None:
    """Return the paths among the arguments of an intrinsic function call.

    None stands for what is no call.
    """
    from asltool.expr.intrinsics import grammar

    try:
        return tuple(grammar.paths(grammar.parse(text)))
    except ExpressionError:
        return None


@lru_cache(maxsize=4096)
def jsonata_tree(text: str) -> jsonata.Node | None:
    """Return the syntax tree of a JSONata string; None if it has none, or a placeholder."""
    if has_placeholder(text):
        return None
    try:
        return jsonata.parse(jsonata.expression_in(text)[0])
    except jsonata.SyntaxProblem:
        return None


def jsonata_place(node: jsonata.Node) -> Place | None:
    """Return where a JSONata path leads by its names; None if it is none that begins with a variable."""
    first, *rest = node.children if node.kind == "path" else (node,)
    if first.kind != "variable" or first.value in ("", "$"):
        return None
    names = [step.value for step in takewhile(lambda step: step.kind == "name", rest)]
    return Place(f"${first.value}", tuple(names), len(names) < len(rest))
