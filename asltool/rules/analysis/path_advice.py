"""Advice on paths that have another meaning on the service than in current JSONPath.

Source: docs/jsonpath.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from asltool.errors import ExpressionError
from asltool.expr.jsonpath.segments import (
    Descendants,
    ExistenceTest,
    Filter,
    FilterTest,
    FromEnd,
    Indexes,
    NameSelector,
    Query,
    Segment,
    Slice,
)
from asltool.expr.jsonpath.text import parse_path
from asltool.rules.analysis.path_conditions import Advice, condition_advice, grouping_advice, operands
from asltool.syntax.expressions import PLAIN_PATH, CallText
from asltool.syntax.wording import quoted

__all__ = ["advice", "call_advice"]

_CALL = re.compile(r"(\w+)\(")
_WRITTEN: dict[type, re.Pattern[str]] = {
    FromEnd: re.compile(r"\[\s*\(\s*@\.(length|size)(\(\))?\s*-\s*\d+\s*\)\s*\]"),
    Indexes: re.compile(r"\[\s*-?\d+(\s*,\s*-?\d+)*\s*\]"),
    NameSelector: re.compile(r"\[\s*'[^']*'(\s*,\s*'[^']*')*\s*\]"),
    Slice: re.compile(r"\[\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]"),
}
"""The bracketed selectors that the service reads in full; it ignores a part of any other."""

_INSTEAD = {
    "append": 'use "States.Array"',
    "avg": "use JSONata: $average",
    "concat": 'use "States.Format"',
    "first": 'use "[0]"',
    "index": 'use "States.ArrayGetItem"',
    "keys": "use JSONata: $keys",
    "last": 'use "[(@.length-1)]"',
    "length": 'use "States.ArrayLength"',
    "max": "use JSONata: $max",
    "min": "use JSONata: $min",
    "size": 'use "States.ArrayLength"',
    "sum": "use JSONata: $sum",
}


@lru_cache(maxsize=1024)
def advice(text: str, is_reference: bool = False) -> tuple[Advice, ...]:
    """Return the advice on a path; none if the path is not valid.

    Args:
        is_reference: whether only a reference path is allowed here; then no alternative is suggested.
    """
    if PLAIN_PATH.fullmatch(text):
        return ()
    try:
        query = parse_path(text)[1]
    except ExpressionError:
        return ()
    return tuple(
        sorted(_of_query(text, query, len(text), is_reference), key=lambda each: (each.start, each.end))
    )


def call_advice(text: str) -> tuple[Advice, ...]:
    """Return the advice on the paths in an intrinsic function call; none if the call is not valid."""
    arguments = CallText.of(text).paths or ()
    return tuple(each.shifted(path.offset) for path in arguments for each in advice(path.text))


def _of_query(text: str, query: Query, end: int, is_reference: bool = False) -> Iterator[Advice]:
    ends = (*query.starts[1:], end)[: len(query.segments)]
    for at, (step, start, stop) in enumerate(zip(query.segments, query.starts, ends, strict=True)):
        written = _WrittenSegment(text, query, at, start, _shortened(text, start, stop), is_reference)
        yield from written.advice(step)


def _shortened(text: str, start: int, stop: int) -> int:
    """Return where a step ends, without the dot and blanks after it."""
    return start + len(text[start:stop].rstrip(".\t\n\r "))


class _WrittenSegment(NamedTuple):
    """A step of a path and its position: ``text[start:stop]``."""

    text: str
    query: Query
    at: int
    start: int
    stop: int
    is_reference: bool

    @property
    def may_call(self) -> bool:
        """Whether an intrinsic function may replace the path: not in a filter, nor for a reference path."""
        return self.query.root == "$" and not self.is_reference

    @property
    def itself(self) -> str:
        return self.text[self.start : self.stop]

    @property
    def is_last(self) -> bool:
        return self.at == len(self.query.segments) - 1

    @property
    def before(self) -> Segment | None:
        return self.query.segments[self.at - 1] if self.at else None

    def say(self, message: str) -> Advice:
        return Advice(message, self.start, self.stop)

    def advice(self, step: Segment) -> Iterator[Advice]:
        if isinstance(step, Filter):
            yield from self.on_filter(step)
        elif isinstance(step, NameSelector):
            yield from self.on_names(step)
        elif isinstance(step, Indexes | FromEnd | Slice):
            yield from self.on_elements(step)

    def on_filter(self, step: Filter) -> Iterator[Advice]:
        yield from grouping_advice(step, self.text.index(step.written, self.start))
        for condition in (each for alternative in step.alternatives for each in alternative):
            yield from condition_advice(self.text, condition)
            for operand in operands(condition):
                if isinstance(operand.value, Query):
                    yield from _of_query(self.text, operand.value, operand.start + len(operand.written))

    def on_names(self, step: NameSelector) -> Iterator[Advice]:
        call = _CALL.match(self.itself)
        if self.itself.startswith("["):
            yield from self.on_brackets(step)
        elif call:
            yield self.say(
                f"{quoted(self.itself)} is read as a name: paths have no functions{self._use(call[1])}"
            )
        elif (self.itself,) != step.names:
            yield self.say(f"{quoted(self.itself)} is read as {quoted(str(step))}")
        elif self.text[self.start - 1] == "]":
            yield self.say(f'{quoted(self.itself)} after the bracket is read as a name. put a "." before it')
        if len(step.names) > 1 and not self.is_last:
            yield self.say("several names are allowed only at the end of a path. use one path for each")

    def _use(self, function: str) -> str:
        instead = _INSTEAD.get(function) if self.may_call else None
        return f". {instead}" if instead else ""

    def on_brackets(self, step: NameSelector | Indexes | FromEnd | Slice) -> Iterator[Advice]:
        if not _WRITTEN[type(step)].fullmatch(self.itself):
            why = ": a slice has no step" if self.itself.count(":") > 1 else ""
            yield self.say(f"{quoted(self.itself)} is read as {quoted(str(step))}{why}")

    def on_elements(self, step: Indexes | FromEnd | Slice) -> Iterator[Advice]:
        yield from self.on_brackets(step)
        if isinstance(step, Slice):
            yield from self.on_slice(step)
        elif isinstance(step, Indexes) and min(step.indexes) < 0:
            yield self.say(self.on_negative(min(step.indexes)))
        if isinstance(self.before, Descendants) and not self.is_last:
            yield self.say(f'{quoted(self.itself)} after ".." is skipped unless it ends the path')
        elif isinstance(self.before, Filter) and _finds_objects(self.before):
            of_list = '"States.ArrayGetItem"' if not isinstance(step, Slice) else "JSONata"
            message = (
                f"{quoted(self.itself)} is applied to each element found, not to the list. use {of_list}"
            )
            yield self.say(message)

    def on_negative(self, index: int) -> str:
        if self.is_reference:
            return f'"[{index}]" leads nowhere: indexes do not count from the end'
        call = ' or "States.ArrayGetItem"' if self.may_call else ""
        return f'"[{index}]" gives null: indexes do not count from the end. use "[(@.length{index})]"{call}'

    def on_slice(self, step: Slice) -> Iterator[Advice]:
        if step.start is None or step.stop is None or min(step.start, step.stop) >= 0:
            return
        gives = "nothing" if step.start >= 0 else "null for positions below 0"
        reason = "with two bounds, a slice does not count from the end"
        use = f'use one bound: "[{step.start}:]" or "[:{step.stop}]"'
        yield self.say(f"{quoted(self.itself)} gives {gives}: {reason}. {use}")


def _finds_objects(step: Filter) -> bool:
    """Return whether a filter selects only objects, because each alternative needs a field."""
    return all(any(map(_needs_field, alternative)) for alternative in step.alternatives)


def _needs_field(condition: FilterTest) -> bool:
    if isinstance(condition, ExistenceTest) and not condition.wanted:
        return False
    queries = (each.value for each in operands(condition) if isinstance(each.value, Query))
    return any(
        query.root == "@" and bool(query.segments) and isinstance(query.segments[0], NameSelector)
        for query in queries
    )
