"""The position of a compiled step in its path, and the state of one evaluation."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import NoValue, PathNotFound
from asltool.expr.jsonpath.segments import Indexes, NameSelector, Query, is_definite

__all__ = ["CompileQuery", "Evaluation", "SegmentPosition", "Take"]

_MOST_VISITS = 1_000_000


class Evaluation:
    """One evaluation: the document, the values found, and the number of steps taken."""

    __slots__ = ("document", "found", "visits")

    def __init__(self, document: Json) -> None:
        self.document = document
        self.found: list[Json] = []
        self.visits = 0

    def visit(self, many: int) -> None:
        """Stop a path that visits the same values again and again, as ``$..a..a..a`` can."""
        self.visits += many
        if self.visits > _MOST_VISITS:
            raise NoValue(f"the path visits more than {_MOST_VISITS:,} values")


Take: TypeAlias = Callable[[Json, Evaluation], None]
"""A compiled step with all that follow: takes a value and hands what it finds on."""


CompileQuery: TypeAlias = Callable[[Query], Callable[[Json, Json], Json]]
"""What makes ``read(start, document)`` of a path."""


class SegmentPosition(NamedTuple):
    """The position of a step in its path.

    ``quiet``: only single-value steps separate this step from a wildcard that skips missing values, so
    nothing needs to be raised. ``ends_definite``: this step and all later ones lead to one value. ``beyond``
    receives what the next step finds. ``compile_query`` compiles the paths in a filter.
    """

    query: Query
    at: int
    quiet: bool
    ends_definite: bool
    beyond: Take
    compile_query: CompileQuery

    @property
    def to_go(self) -> int:
        """The number of steps from here, including this one."""
        return len(self.query.segments) - self.at

    @property
    def is_last(self) -> bool:
        return self.at == len(self.query.segments) - 1

    @property
    def must_go_on(self) -> bool:
        """Whether a missing name is an error although other steps follow: only between definite steps."""
        return self.ends_definite and (self.at == 0 or is_definite(self.query.segments[self.at - 1]))

    @property
    def trace(self) -> str:
        """The path to this step, as far as it is known without data."""
        known: list[str] = []
        for step in reversed(self.query.segments[: self.at]):
            if not isinstance(step, NameSelector) and not (isinstance(step, Indexes) and is_definite(step)):
                break
            known.append(str(step))
        return "".join(reversed(known))

    @property
    def rest(self) -> str:
        return "".join(map(str, self.query.segments[self.at :]))

    def miss(self, message: str, step: str = "") -> None:
        """Raise that a value is missing, unless quiet. ``{}`` stands for the path including this step."""
        if not self.quiet:
            raise PathNotFound(message, self.trace + step)
