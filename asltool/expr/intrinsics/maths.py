"""The intrinsic functions for numbers.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

from collections.abc import Callable

from asltool.expr.intrinsics.java import Random
from asltool.expr.intrinsics.registry import RefusedArguments, intrinsic

__all__: list[str] = []


@intrinsic("States.MathAdd", "rounded", "rounded")
def math_add(left: int, right: int) -> int:
    """Return the sum of two numbers. Each is first rounded half up: ``-0.5 + 0.5`` is 0 + 1 = 1."""
    total = left + right
    if not -0x8000_0000 <= total <= 0x7FFF_FFFF:
        raise RefusedArguments
    return total


@intrinsic("States.MathRandom", "integer", "integer", "integer?", uses_chance=True)
def math_random(uniform: Callable[[], float], start: int, end: int, seed: int | None = None) -> int:
    """Return a number from ``start`` to ``end - 1``. With a seed, it is the same number as on the service."""
    if start >= end:
        raise RefusedArguments
    if seed is not None:
        return Random(seed).between(start, end)
    return start + int(uniform() * (end - start))
