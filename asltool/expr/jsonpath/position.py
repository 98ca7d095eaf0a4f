"""Where a compiled step stands in its path, and what one evaluation keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import NoValue, PathNotFound
from asltool.expr.jsonpath.segments import Indexes, NameSelector, Query, is_definite

__all__ = ["CompileQuery", "Evaluation", "SegmentPosition", "Take"]

_MOST_VISITS = 1_000_000


class Evaluation:
    """One evaluation: the document, what was found, and how much was looked at."""

    __slots__ = ("document", "found", "visits")

    def __init__(self, document: Json) -> None:
        self.document = document
        self.found: list[Json] = []
        self.visits = 0

    def visit(self, many: int) -> None:
        """Stop a path that goes the same ways again and again, as ``$..a..a..a`` can."""
        self.visits += many
        if self.visits > _MOST_VISITS:
            raise NoValue(f"the path visits more than {_MOST_VISITS:,} values")


Take: TypeAlias = Callable[[Json, Evaluation], None]
"""A compiled step with all that follow: takes a value and hands what it finds on."""


CompileQuery: TypeAlias = Callable[[Query], Callable[[Json, Json], Json]]
"""What makes ``read(start, document)`` of a path."""


class SegmentPosition(NamedTuple):
    """Where a step stands in its path.

    ``quiet``: a wildcard that passes over what is not found leads here by single steps, so that nothing need
    be raised. ``ends_definite``: this step and all that follow lead to one value. ``beyond`` takes what the
    step after this one finds. ``compile_query`` compiles the paths in a filter.
    """

    query: Query
    at: int
    quiet: bool
    ends_definite: bool
    beyond: Take
    compile_query: CompileQuery

    @property
    def to_go(self) -> int:
        """How many steps there are from here, this one counted."""
        return len(self.query.segments) - self.at

    @property
    def is_last(self) -> bool:
        return self.at == len(self.query.segments) - 1

    @property
    def must_go_on(self) -> bool:
        """Whether a missing name is an error though other steps follow: it is between definite steps."""
        return self.ends_definite and (self.at == 0 or is_definite(self.query.segments[self.at - 1]))

    @property
    def trace(self) -> str:
        """The way to here, as far back as it is known without any data."""
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
        """Say that something is not there, if anybody listens. ``{}`` is the way to here and the step."""
        if not self.quiet:
            raise PathNotFound(message, self.trace + step)
