"""The intrinsic functions for arrays.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-arrays
"""

from __future__ import annotations

from asltool.expr.environment import Json
from asltool.expr.intrinsics.java import hash_code, hash_set_order
from asltool.expr.intrinsics.registry import RefusedArguments, intrinsic
from asltool.expr.values import json_equal, shown

__all__: list[str] = []

LONGEST_RANGE = 1000


@intrinsic("States.Array", "any*")
def array(*values: Json) -> list[Json]:
    """Return the arguments as an array."""
    return list(values)


@intrinsic("States.ArrayPartition", "array", "positive")
def array_partition(values: list[Json], size: int) -> list[list[Json]]:
    """Return chunks of ``size`` elements; the last may be shorter."""
    return [values[start : start + size] for start in range(0, len(values), size)]


@intrinsic("States.ArrayContains", "array", "any")
def array_contains(values: list[Json], wanted: Json) -> bool:
    """Return whether an element has the same text as ``wanted``.

    The service compares texts, not values: ``true`` is found in ``["true"]``, and an object is not found if
    its fields are in another order.
    """
    return shown(wanted) in map(shown, values)


@intrinsic("States.ArrayRange", "integer", "integer", "nonzero")
def array_range(first: int, last: int, step: int) -> list[int]:
    """Return the numbers from ``first`` to ``last``, which is included if a step reaches it exactly."""
    numbers = range(first, last + (1 if step > 0 else -1), step)
    if len(numbers) > LONGEST_RANGE:
        raise RefusedArguments
    return list(numbers)


@intrinsic("States.ArrayGetItem", "array", "integer")
def array_get_item(values: list[Json], index: int) -> Json:
    """Return the element at an index from 0; an empty array always gives ``null``, as on the service."""
    if not values:
        return None
    if not 0 <= index < len(values):
        raise RefusedArguments
    return values[index]


@intrinsic("States.ArrayLength", "array")
def array_length(values: list[Json]) -> int:
    """Return the number of elements."""
    return len(values)


@intrinsic("States.ArrayUnique", "array")
def array_unique(values: list[Json]) -> list[Json]:
    """Return the distinct elements, in the order of the service's hash set.

    Small integers come in ascending order, ``false`` before ``true``; ``1`` and ``1.0`` both stay.
    """
    by_code: dict[int, list[Json]] = {}
    unique = []
    for value in values:
        alike = by_code.setdefault(hash_code(value), [])
        if not any(json_equal(value, other) for other in alike):
            alike.append(value)
            unique.append(value)
    return hash_set_order(unique, capacity=len(values))
