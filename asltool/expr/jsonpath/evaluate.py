"""Compile a parsed path.

Source: https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath import takes
from asltool.expr.jsonpath.position import Evaluation, SegmentPosition, Take
from asltool.expr.jsonpath.segments import (
    Descendants,
    Filter,
    FromEnd,
    Indexes,
    NameSelector,
    Query,
    RootSign,
    Slice,
    Wildcard,
    is_definite,
)

__all__ = ["CompiledPath", "compile_query"]

CompiledPath: TypeAlias = Callable[[Json, Json], Json]
"""``read(start, document)``: a compiled path, from where it starts."""

_TAKES: dict[type, Callable[[Any, SegmentPosition, Take], Take]] = {
    RootSign: lambda step, place, then: then,
    Filter: takes.take_filter,
    FromEnd: takes.take_indexes,
    Indexes: takes.take_indexes,
    NameSelector: takes.take_names,
    Descendants: takes.take_scan,
    Slice: takes.take_slice,
}


def compile_query(query: Query) -> CompiledPath:
    """Compile a path to ``read(start, document)``, which raises `Failure`.

    A definite path gives the value that it finds, an indefinite path a list of all values.
    """
    take = _compile_steps(query)

    def read(start: Json, document: Json) -> list[Json]:
        run = Evaluation(document)
        take(start, run)
        return run.found

    return (lambda start, document: read(start, document)[0]) if query.definite else read


def _compile_steps(query: Query) -> Take:
    """Compile from the end. The steps after a wildcard are compiled twice, as it skips missing values."""
    take: Take = _collect
    quietly: Take = _collect
    beyond: Take = _collect
    forgiven = _forgiven(query)
    ends_definite = True
    for at in reversed(range(len(query.segments))):
        step = query.segments[at]
        ends_definite = ends_definite and is_definite(step)
        place = SegmentPosition(query, at, False, ends_definite, beyond, compile_query)
        beyond = take
        if isinstance(step, Wildcard):
            take = quietly = takes.take_wildcard(step, place, take, quietly)
            continue
        make, then = _TAKES[type(step)], quietly if is_definite(step) else take
        take = make(step, place, beyond)
        quietly = make(step, place._replace(quiet=True), then) if at in forgiven else take
    return take


def _forgiven(query: Query) -> set[int]:
    """Return the steps after a wildcard that only single-value steps separate from it."""
    forgiven: set[int] = set()
    goes_on = False
    for at, step in enumerate(query.segments):
        if goes_on:
            forgiven.add(at)
        goes_on = isinstance(step, Wildcard) or (goes_on and is_definite(step))
    return forgiven


def _collect(value: Json, run: Evaluation) -> None:
    run.found.append(value)
