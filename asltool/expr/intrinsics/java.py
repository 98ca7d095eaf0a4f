"""Two parts of Java that are visible in the service: its random numbers and the order of its hash sets.

Source: the documented algorithms of java.util.Random, and of hashCode in String, List, Map and the boxed
types.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from asltool.expr.environment import Json

__all__ = ["Random", "hash_code", "hash_set_order"]

_MULTIPLIER = 0x5DEECE66D
_48_BITS = (1 << 48) - 1


class Random:
    """java.util.Random: the same seed gives the same numbers as on the service."""

    def __init__(self, seed: int) -> None:
        self._state = (seed ^ _MULTIPLIER) & _48_BITS

    def between(self, start: int, end: int) -> int:
        """Return a number from ``start`` to ``end - 1``; both are 32-bit numbers and ``start < end``."""
        if end - start < 1 << 31:
            return start + self._below(end - start)
        while not start <= (number := _signed(self._next(32))) < end:
            pass
        return number

    def _next(self, bits: int) -> int:
        self._state = (self._state * _MULTIPLIER + 0xB) & _48_BITS
        return self._state >> (48 - bits)

    def _below(self, bound: int) -> int:
        number = self._next(31)
        if bound & (bound - 1) == 0:
            return (bound * number) >> 31
        # The last, incomplete range of `bound` numbers would favour small results: draw again.
        while number - number % bound + bound > 1 << 31:
            number = self._next(31)
        return number % bound


def hash_set_order(values: list[Json], capacity: int) -> list[Json]:
    """Return distinct values in the iteration order of a HashSet created for ``capacity`` values."""
    slots = 16
    while slots < int(capacity / 0.75) + 1:
        slots *= 2

    def slot(value: Json) -> int:
        code = hash_code(value) & 0xFFFF_FFFF
        return (code ^ (code >> 16)) & (slots - 1)

    return sorted(values, key=slot)


def hash_code(value: Json) -> int:
    """Return Java's hashCode of a value as a signed 32-bit number."""
    if isinstance(value, dict):
        return _signed(sum(hash_code(key) ^ hash_code(item) for key, item in value.items()))
    if isinstance(value, list):
        return _polynomial(1, map(hash_code, value))
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        return _polynomial(0, struct.unpack(f">{len(units) // 2}H", units))
    return _hash_scalar(value)


def _hash_scalar(value: bool | int | float | None) -> int:
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1231 if value else 1237
    if isinstance(value, int) and _signed(value) == value:
        return value
    bits = value if isinstance(value, int) else struct.unpack(">q", struct.pack(">d", value))[0]
    return _signed(bits ^ (bits >> 32))


def _polynomial(start: int, codes: Iterable[int]) -> int:
    total = start
    for code in codes:
        total = (31 * total + code) & 0xFFFF_FFFF
    return _signed(total)


def _signed(number: int) -> int:
    return ((number + 0x8000_0000) & 0xFFFF_FFFF) - 0x8000_0000
