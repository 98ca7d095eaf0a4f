"""The steps of a path as closures.

A step that finds nothing ends the evaluation, but after a wildcard over an array it only skips the element.
Missing names in the middle of an indefinite path are not an error.

Source: https://github.com/json-path/JsonPath/tree/json-path-2.0.0
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import length_hint

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import InvalidPath, NotAnArray, NoValue, PathNotFound
from asltool.expr.jsonpath.filters import compile_filter
from asltool.expr.jsonpath.java import node_text
from asltool.expr.jsonpath.position import CompileQuery, Evaluation, SegmentPosition, Take
from asltool.expr.jsonpath.segments import (
    Descendants,
    Filter,
    FromEnd,
    Indexes,
    NameSelector,
    Segment,
    Slice,
    Wildcard,
)

__all__ = ["take_filter", "take_indexes", "take_names", "take_scan", "take_slice", "take_wildcard"]


def take_names(step: NameSelector, place: SegmentPosition, then: Take) -> Take:
    if len(step.names) != 1:
        return _names_together(step, place, then)
    name = step.names[0]
    needed = place.is_last or place.must_go_on

    def take(value: Json, run: Evaluation) -> None:
        if type(value) is not dict:
            place.miss(f"Property {step} not found in path {{}}")
        elif name in value:
            then(value[name], run)
        elif needed:
            what = "No results for path" if place.is_last else "Missing property in path"
            place.miss(f"{what}{': ' if place.is_last else ' '}{{}}", str(step))

    return take


def _names_together(step: NameSelector, place: SegmentPosition, then: Take) -> Take:
    """Make one object of the members that exist; used only at the end of a path."""

    def take(value: Json, run: Evaluation) -> None:
        if type(value) is not dict:
            place.miss(f"Property {step} not found in path {{}}")
        elif not place.is_last:
            where = place.trace + str(step)
            raise InvalidPath("Multi properties can only be used as path leafs: {}", where)
        else:
            then({name: value[name] for name in step.names if name in value}, run)

    return take


def take_indexes(step: Indexes | FromEnd, place: SegmentPosition, then: Take) -> Take:
    if isinstance(step, FromEnd):
        return _positions(lambda length: (length + step.offset,), place, then)
    if len(step.indexes) > 1:
        return _positions(lambda length: step.indexes, place, then)
    index = step.indexes[0]

    def take(value: Json, run: Evaluation) -> None:
        if type(value) is list:
            then(value[index] if 0 <= index < len(value) else None, run)
        else:
            _refuse_other(value, place)

    return take


def take_slice(step: Slice, place: SegmentPosition, then: Take) -> Take:
    """``[a:b]`` never counts from the end, so negative positions give null."""
    start, stop = step.start, step.stop
    if start is not None and stop is not None and (start < 0 or stop < 0):
        return _positions(lambda length: range(start, min(stop, length)) if length else (), place, then)
    between = slice(start, stop)

    def take(value: Json, run: Evaluation) -> None:
        if type(value) is list:
            part = value[between]
            run.visit(len(part))
            _each(part, then, run, place, len(value) - len(part) if stop is None else start or 0)
        else:
            _refuse_other(value, place)

    return take


def _positions(select: Callable[[int], Sequence[int]], place: SegmentPosition, then: Take) -> Take:
    """Take elements by position; positions out of range give null."""

    def take(value: Json, run: Evaluation) -> None:
        if type(value) is not list:
            _refuse_other(value, place)
            return
        length = len(value)
        positions = select(length)
        run.visit(len(positions))
        for index in positions:
            try:
                then(value[index] if 0 <= index < length else None, run)
            except NoValue as failure:
                raise failure.inside(f"{place.trace}[{index}]") from None

    return take


def _each(
    array: list[Json], then: Take, run: Evaluation, place: SegmentPosition | None = None, first: int = 0
) -> None:
    """Take every element. ``first`` is the position of the first one, for errors."""
    parts = iter(array)
    try:
        for part in parts:
            then(part, run)
    except NoValue as failure:
        index = first + len(array) - length_hint(parts) - 1
        raise failure.inside(f"{place.trace if place else ''}[{index}]") from None


def _refuse_other(value: Json, place: SegmentPosition) -> None:
    """Raise that a value is not an array."""
    if value is not None:
        raise NotAnArray(place.rest, value, node_text(value))
    place.miss("The path {} is null")


def take_wildcard(step: Wildcard, place: SegmentPosition, then: Take, then_quietly: Take) -> Take:
    def take(value: Json, run: Evaluation) -> None:
        if type(value) is list:
            parts = iter(value)
            for part in parts:
                try:
                    then_quietly(part, run)
                except PathNotFound:
                    continue
                except NoValue as failure:
                    raise failure.inside(f"{place.trace}[{len(value) - length_hint(parts) - 1}]") from None
        elif type(value) is dict:
            for name, part in value.items():
                try:
                    then(part, run)
                except NoValue as failure:
                    raise failure.inside(f"{place.trace}['{name}']") from None

    return take


def take_filter(step: Filter, place: SegmentPosition, then: Take) -> Take:
    accepts = compile_filter(step, place.compile_query)
    conditions = sum(map(len, step.alternatives))

    def take(value: Json, run: Evaluation) -> None:
        if type(value) is list:
            run.visit(len(value) * conditions)
            document = run.document
            parts = iter(value)
            try:
                for part in parts:
                    if accepts(part, document):
                        then(part, run)
            except NoValue as failure:
                raise failure.inside(f"{place.trace}[{len(value) - length_hint(parts) - 1}]") from None
        elif type(value) is dict:
            if accepts(value, run.document):
                try:
                    then(value, run)
                except NoValue as failure:
                    raise failure.inside(place.trace) from None
        else:
            context = f"Current context is: {node_text(value)}"
            raise InvalidPath(f"Filter: {place.rest} can not be applied to primitives. {context}")

    return take


def take_scan(step: Descendants, place: SegmentPosition, then: Take) -> Take:
    """Apply the next step to a value and all values inside it, outer ones first.

    At an array, the library skips the next step, unless it is the last, and continues with the one after it.
    It is not known whether the service does so for an index or slice.
    """
    if place.is_last:
        return lambda value, run: None
    matches = _scan_target(place.query.segments[place.at + 1], place.compile_query)
    is_leaf, beyond = place.to_go == 2, place.beyond

    def take(root: Json, run: Evaluation) -> None:
        pending, visited = [root], 0
        try:
            while pending:
                visited += 1
                value = pending.pop()
                if type(value) is dict:
                    if matches(value, run):
                        then(value, run)
                    pending.extend(reversed(value.values()))
                elif type(value) is list:
                    if matches(value, run):
                        if is_leaf:
                            then(value, run)
                        else:
                            _each(value, beyond, run)
                    pending.extend(reversed(value))
        except NoValue as failure:
            raise failure.inside(place.trace + _way_to(root, visited)) from None
        run.visit(visited)

    return take


def _way_to(root: Json, count: int) -> str:
    """Return the path to the n-th value that a scan visits."""
    pending: list[tuple[Json, str]] = [(root, "")]
    while True:
        value, way = pending.pop()
        count -= 1
        if count == 0:
            return way
        pending.extend(reversed([(part, way + step) for step, part in _parts(value)]))


def _parts(value: Json) -> Iterator[tuple[str, Json]]:
    if isinstance(value, dict):
        yield from ((f"['{name}']", part) for name, part in value.items())
    elif isinstance(value, list):
        yield from ((f"[{index}]", part) for index, part in enumerate(value))


def _scan_target(target: Segment, compile_query: CompileQuery) -> Callable[[Json, Evaluation], bool]:
    """Return a function that decides where a scan applies its next step."""
    match target:
        case NameSelector(names):
            needed = set(names)
            return lambda value, run: type(value) is dict and value.keys() >= needed
        case Filter():
            accepts = compile_filter(target, compile_query)
            return lambda value, run: accepts(value, run.document)
        case Indexes() | FromEnd() | Slice():
            return lambda value, run: type(value) is list
    return lambda value, run: isinstance(target, Wildcard)
