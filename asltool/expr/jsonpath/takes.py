"""What each step of a path does, as closures.

Only the first part of a path, as long as every step leads to one value, can fail for missing things; later
steps find nothing instead.

Source: https://github.com/json-path/JsonPath
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import Failure, InvalidPath, OutOfBounds, PathNotFound, failing
from asltool.expr.jsonpath.java import class_name, value_text
from asltool.expr.jsonpath.place import Place, Run, Take
from asltool.expr.jsonpath.steps import Filter, Indexes, Names, Scan, Slice, Step, Wildcard, is_definite

__all__ = ["take_filter", "take_indexes", "take_names", "take_scan", "take_slice", "take_wildcard"]

_PROVIDER = "com.jayway.jsonpath.spi.json.JsonSmartJsonProvider"


def take_names(step: Names, place: Place, then: Take) -> Take:
    if len(step.names) == 1:
        return _name(step, step.names[0], place, then)
    if place.is_last:
        return _names_together(step, place, then)
    each = [_name(step, name, place, then) for name in step.names]

    def take(value: Json, run: Run) -> None:
        run.visit(1)
        for take_one in each:
            take_one(value, run)

    return take


def _name(step: Names, name: str, place: Place, then: Take) -> Take:
    then = _member(place, then)
    is_needed = place.required or (place.is_definite and not place.is_last and len(step.names) == 1)

    def take(value: Json, run: Run) -> None:
        if type(value) is not dict:
            _refuse_other(step, place, value)
        elif name in value:
            then(value[name], run)
        elif is_needed:
            what = "No results for path:" if place.is_last else "Missing property in path"
            raise PathNotFound(f"{what} {place.path}['{name}']")

    return take


def _names_together(step: Names, place: Place, then: Take) -> Take:
    def take(value: Json, run: Run) -> None:
        if type(value) is not dict:
            _refuse_other(step, place, value)
            return
        if place.required and not value.keys() >= set(step.names):
            raise PathNotFound(f"Missing property in path {place.path}{step}")
        then({name: value[name] for name in step.names if name in value}, run)

    return take


def _refuse_other(step: Names, place: Place, value: Json) -> None:
    if place.is_definite:
        raise PathNotFound(
            f"Expected to find an object with property {step} in path {place.path} but found "
            f"'{class_name(value)}'. This is not a json object according to the JsonProvider: '{_PROVIDER}'."
        )


def _member(place: Place, then: Take) -> Take:
    """Return what takes the member of an object.

    After ``..`` and another step, Jayway keeps a last member only if the scan came by no array so far, or by
    that other step's own index.
    """
    steps = place.query.steps
    if not place.is_last or place.at < 2 or not isinstance(steps[place.at - 2], Scan):
        return then
    before = steps[place.at - 1]
    wanted = (None, *before.indexes) if isinstance(before, Indexes) and len(before.indexes) == 1 else (None,)

    def take(value: Json, run: Run) -> None:
        if run.index in wanted:
            then(value, run)

    return take


def _array(select: Callable[[list[Json]], Iterable[Json]], place: Place, then: Take) -> Take:
    then = place.quietly(then, OutOfBounds)

    def take(value: Json, run: Run) -> None:
        if type(value) is list:
            run.visit(1)
            for element in select(value):
                then(element, run)
        elif place.is_definite and value is None:
            raise PathNotFound(f"The path {place.path} is null")
        elif place.is_definite:
            where = f"Current context is: {value_text(value)}"
            raise PathNotFound(f"Filter: {place.rest} can only be applied to arrays. {where}")

    return take


def take_indexes(step: Indexes, place: Place, then: Take) -> Take:
    return _array(lambda array: _at_indexes(array, step.indexes), place, then)


def take_slice(step: Slice, place: Place, then: Take) -> Take:
    return _array(lambda array: _between(array, step.start, step.stop), place, then)


def _at_indexes(array: list[Json], indexes: Iterable[int]) -> list[Json]:
    length = len(array)
    return [array[index] for index in indexes if -length <= index < length]


def _between(array: list[Json], start: int | None, stop: int | None) -> list[Json]:
    """Return the elements of a slice. With both bounds, Jayway counts through from a negative start."""
    if start is None or stop is None:
        return array[start:stop]
    return _at_indexes(array, range(max(start, -len(array)), min(stop, len(array))))


def take_wildcard(step: Wildcard, place: Place, then: Take) -> Take:
    member = _member(place, then)
    element = place.quietly(then, OutOfBounds, *([] if place.required else [PathNotFound]))

    def take(value: Json, run: Run) -> None:
        if type(value) is dict:
            for part in value.values():
                member(part, run)
        elif type(value) is list:
            for part in value:
                element(part, run)

    return take


def take_filter(step: Filter, place: Place, then: Take) -> Take:
    accepts = place.accepts(step)
    element = place.quietly(then, OutOfBounds)

    def take(value: Json, run: Run) -> None:
        if type(value) is list:
            for part in value:
                if accepts(part, run.document):
                    element(part, run)
        elif type(value) is dict:
            if accepts(value, run.document):
                then(value, run)
        elif place.is_definite:
            where = f"Current context is: {value_text(value)}"
            raise InvalidPath(f"Filter: {place.rest} can not be applied to primitives. {where}")

    return take


def take_scan(step: Scan, place: Place, then: Take) -> Take:
    """Take the next step at a value and everything inside it, outer before inner.

    At an array, Jayway leaves the next step out if it is not the last, and goes on to the one after it.
    """
    if place.is_last:
        return failing(Failure("Current path token is a leaf", "IllegalStateException"))
    target = place.query.steps[place.at + 1]
    matches = _scan_target(target, place)
    to_go, beyond = place.to_go, place.beyond

    def take(value: Json, run: Run) -> None:
        pending, visited = [value], 0
        while pending:
            visited += 1
            value = pending.pop()
            if type(value) is dict:
                if matches(value, run):
                    then(value, run)
                pending.extend(reversed(value.values()))
            elif type(value) is list:
                if matches(value, run):
                    if to_go == 2:
                        then(value, run)
                    else:
                        for index, part in enumerate(value):
                            if to_go == 3:
                                run.index = index
                            beyond(part, run)
                pending.extend(reversed(value))
        run.visit(visited)

    return take


def _scan_target(target: Step, place: Place) -> Callable[[Json, Run], bool]:
    """Return what tells where a scan takes its next step: where that may find something."""
    match target:
        case Names(names):
            needed = set(names) if is_definite(target, is_last=place.to_go == 2) else set()
            return lambda value, run: type(value) is dict and value.keys() >= needed
        case Filter():
            accepts = place.accepts(target)
            return lambda value, run: accepts(value, run.document)
        case Indexes() | Slice():
            return lambda value, run: type(value) is list
    return lambda value, run: isinstance(target, Wildcard)
