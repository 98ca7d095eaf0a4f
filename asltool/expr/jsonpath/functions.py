"""The functions of a path: ``$.values.sum()``, ``$.concat($.first, " ", $.last)``.

A function works on the value before it and on its arguments. Numbers come out as doubles.

Source: https://github.com/json-path/JsonPath#functions
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

from asltool.expr.environment import Json
from asltool.expr.jsonpath.errors import Failure, OutOfBounds
from asltool.expr.jsonpath.java import value_text

__all__ = ["FUNCTIONS", "Function", "size"]

Function: TypeAlias = Callable[[Json, list[Json]], Json]


def _of_numbers(meaning: Callable[[list[float]], float]) -> Function:
    """Return a function of the numbers in an array and in the arguments; other values do not count."""

    def function(model: Json, arguments: list[Json]) -> float:
        values = [*model, *_flat(arguments)] if isinstance(model, list) else _flat(arguments)
        numbers = [_double(value) for value in values if type(value) in (int, float)]
        if not numbers:
            raise Failure("Aggregation function attempted to calculate value using empty array")
        result = meaning(numbers)
        if not math.isfinite(result):
            raise Failure("the result is too large for a number")
        return result

    return function


def _flat(arguments: list[Json]) -> list[Json]:
    """Return the arguments with the elements of arrays in the arrays' place."""
    return [part for value in arguments for part in (value if isinstance(value, list) else [value])]


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _deviation(numbers: list[float]) -> float:
    count, total = len(numbers), sum(numbers)
    squares = sum(number * number for number in numbers)
    return math.sqrt(max(squares / count - total * total / count / count, 0.0))


def _largest(numbers: list[float]) -> float:
    """Jayway begins with Java's smallest positive double, which no negative number is larger than."""
    return max(5e-324, *numbers)


def size(model: Json, arguments: list[Json]) -> int | None:
    """Return how many elements or members there are; a text has no length."""
    return len(model) if isinstance(model, (list, dict)) else None


def _concat(model: Json, arguments: list[Json]) -> str:
    texts = [value for value in model if isinstance(value, str)] if isinstance(model, list) else []
    return "".join(texts) + "".join(value_text(value) for value in _flat(arguments) if value is not None)


def _append(model: Json, arguments: list[Json]) -> Json:
    return [*model, *arguments] if isinstance(model, list) else model


def _keys(model: Json, arguments: list[Json]) -> list[str] | None:
    return list(model) if isinstance(model, dict) else None


def _element(model: Json, at: int) -> Json:
    if not isinstance(model, list):
        raise Failure("Aggregation function attempted to calculate value using empty array")
    if 0 <= at < len(model):
        return model[at]
    if at >= 0:
        raise OutOfBounds(f"Index {at} out of bounds for length {len(model)}")
    if len(model) + at <= 0:
        raise Failure(f"Target index:{at} larger than object count:{len(model)}")
    return model[at]


def _index(model: Json, arguments: list[Json]) -> Json:
    numbers = [value for value in _flat(arguments) if type(value) in (int, float)]
    if isinstance(model, list) and not numbers:
        raise OutOfBounds("Index 0 out of bounds for length 0")
    return _element(model, int(numbers[0]) if numbers else 0)


FUNCTIONS: dict[str, Function] = {
    "append": _append,
    "avg": _of_numbers(lambda numbers: sum(numbers) / len(numbers)),
    "concat": _concat,
    "first": lambda model, arguments: _element(model, 0),
    "index": _index,
    "keys": _keys,
    "last": lambda model, arguments: _element(model, -1),
    "length": size,
    "max": _of_numbers(_largest),
    "min": _of_numbers(min),
    "size": size,
    "stddev": _of_numbers(_deviation),
    "sum": _of_numbers(sum),
}
