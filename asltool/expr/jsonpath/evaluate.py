"""Compiles a parsed path.

Source: https://github.com/json-path/JsonPath
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.expr.environment import Json
from asltool.expr.jsonpath.calls import take_call
from asltool.expr.jsonpath.errors import PathNotFound
from asltool.expr.jsonpath.filters import Read
from asltool.expr.jsonpath.place import Place, Run, Take
from asltool.expr.jsonpath.steps import (
    Call,
    Filter,
    Indexes,
    Names,
    Query,
    Scan,
    Slice,
    Wildcard,
    is_definite,
)
from asltool.expr.jsonpath.takes import (
    take_filter,
    take_indexes,
    take_names,
    take_scan,
    take_slice,
    take_wildcard,
)

__all__ = ["compile_query"]

_TAKES: dict[type, Callable[[Any, Place, Take], Take]] = {
    Call: take_call,
    Filter: take_filter,
    Indexes: take_indexes,
    Names: take_names,
    Scan: take_scan,
    Slice: take_slice,
    Wildcard: take_wildcard,
}


def compile_query(query: Query, required: bool = False) -> Read:
    """Compile a path to ``read(start, document)``, which raises `Failure`.

    A definite path gives the last value that was found, another a list of all.

    Args:
        required: nothing may be missing, in an indefinite path either. So Jayway looks whether a path exists.
    """
    take = _compile_steps(query, required)
    if not query.definite:
        return lambda start, document: _run(take, start, document)
    missing = f"No results for path: {query}"

    def read(start: Json, document: Json) -> Json:
        found = _run(take, start, document)
        if not found:
            raise PathNotFound(missing)
        return found[-1]

    return read


def _run(take: Take, start: Json, document: Json) -> list[Json]:
    run = Run(document)
    take(start, run)
    return run.found


def _compile_steps(query: Query, required: bool) -> Take:
    steps = query.steps
    definite = next((at for at, step in enumerate(steps) if not is_definite(step, is_last=False)), len(steps))
    calls = max((at for at, step in enumerate(steps) if isinstance(step, Call)), default=-1)
    take: Take = _collect
    beyond: Take = _collect
    for at in reversed(range(len(steps))):
        place = Place(query, at, required, at <= definite, at <= calls, beyond, compile_query)
        take, beyond = _TAKES[type(steps[at])](steps[at], place, take), take
    return take


def _collect(value: Json, run: Run) -> None:
    run.found.append(value)
