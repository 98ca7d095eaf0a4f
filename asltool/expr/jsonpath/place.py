"""Where a compiled step stands in its path, and what one evaluation keeps."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import Failure
from asltool.expr.jsonpath.filters import Accepts, CompileQuery, Read, compile_filter
from asltool.expr.jsonpath.steps import Call, Filter, Names, Query, Step

__all__ = ["Place", "Run", "Take"]


_MOST_VISITS = 1_000_000


class Run:
    """One evaluation: the document, what was found, and the array index that a scan came by last."""

    __slots__ = ("document", "found", "index", "visits")

    def __init__(self, document: Json) -> None:
        self.document = document
        self.found: list[Json] = []
        self.index: int | None = None
        self.visits = 0

    def visit(self, many: int) -> None:
        """Stop a path that goes the same ways again and again, as ``$..a..a..a`` can."""
        self.visits += many
        if self.visits > _MOST_VISITS:
            raise Failure(f"the path visits more than {_MOST_VISITS:,} values")


Take: TypeAlias = Callable[[Json, Run], None]
"""A compiled step with all that follow: takes a value and hands what it finds on."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in its path.

    ``required``: nothing may be missing, in an indefinite path either. ``is_definite``: there is just one way
    to here, so that nothing on it may be missing. ``calls_follow``: this step or a later one is a call.
    ``beyond`` takes what the step after this one finds.
    """

    query: Query
    at: int
    required: bool
    is_definite: bool
    calls_follow: bool
    beyond: Take
    compile_query: CompileQuery

    @property
    def to_go(self) -> int:
        """How many steps there are from here, this one counted."""
        return len(self.query.steps) - self.at

    @property
    def is_last(self) -> bool:
        return self.to_go == 1

    @property
    def path(self) -> str:
        """The way to here, if it is definite. A call leaves no trace in it."""
        return self.query.root + "".join(map(_trace, self.query.steps[: self.at]))

    @property
    def rest(self) -> str:
        return "".join(map(str, self.query.steps[self.at :]))

    def compile(self, query: Query) -> Read:
        return self.compile_query(query, self.required)

    def accepts(self, step: Filter) -> Accepts:
        return compile_filter(step.condition, self.compile_query, self.required)

    def quietly(self, take: Take, *failures: type[Failure]) -> Take:
        """Return what takes an element of an array: calls further on may fail, and then find nothing."""
        if not self.calls_follow:
            return take

        def take_quietly(value: Json, run: Run) -> None:
            with contextlib.suppress(*failures):
                take(value, run)

        return take_quietly


def _trace(step: Step) -> str:
    if isinstance(step, Names):
        return f"['{step.names[0]}']"
    return "" if isinstance(step, Call) else str(step)
