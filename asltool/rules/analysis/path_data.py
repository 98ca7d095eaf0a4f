"""Advice on paths that give surprising results for the data they are read from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asltool.expr.environment import Environment, Json
from asltool.expr.jsonpath import Path
from asltool.expr.jsonpath.errors import NoValue
from asltool.expr.jsonpath.evaluate import compile_query
from asltool.expr.jsonpath.segments import Filter, FilterComparison, Query
from asltool.expr.jsonpath.text import parse_path
from asltool.rules.analysis.path_conditions import Advice
from asltool.syntax.wording import quoted

__all__ = ["strings_as_numbers"]

_NUMBER = re.compile(r"'?-?\d+(\.\d+)?'?")
_ORDERED = ("<", "<=", ">", ">=")


def strings_as_numbers(path: Path, document: Json, environment: Environment) -> Iterator[Advice]:
    """Yield the comparisons of a path that compare strings with a number character by character."""
    if path.root:
        document = environment.context if path.root == "$$" else environment.variables.get(path.root)
    query = parse_path(path.text)[1]
    for at, step in enumerate(query.segments):
        if isinstance(step, Filter):
            items = _items(Query(query.root, query.segments[:at]), document)
            for condition in (each for alternative in step.alternatives for each in alternative):
                if isinstance(condition, FilterComparison):
                    yield from _about(condition, items, document)


def _items(query: Query, document: Json) -> list[Json]:
    """Return the items that a filter after a path is applied to."""
    found = _read(query, document, document)
    values = [found] if query.definite else found
    return [item for value in values or () for item in (value if isinstance(value, list) else [value])]


def _read(query: Query, start: Json, document: Json) -> Json:
    try:
        return compile_query(query)(start, document)
    except (NoValue, RecursionError):
        return None


def _about(comparison: FilterComparison, items: list[Json], document: Json) -> Iterator[Advice]:
    left, operator, right, _ = comparison
    if operator not in _ORDERED or not _NUMBER.fullmatch(right.written) or not isinstance(left.value, Query):
        return
    query = left.value
    values = [_read(query, item if query.root == "@" else document, document) for item in items]
    strings = [value for value in values if isinstance(value, str)]
    if strings:
        start, end = left.start, right.start + len(right.written)
        reason = f"{quoted(operator)} compares strings character by character"
        yield Advice(f"{quoted(left.written)} is a string, {quoted(strings[0])}: {reason}", start, end)
