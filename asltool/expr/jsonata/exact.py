"""Pass integers that a double cannot represent through engines that compute with doubles.

JSONata has only doubles: an engine would turn 9007199254740993 into 9007199254740992. So such a number, and
every other number of that size, is replaced by a stand-in double. The doubles have the same order, two
numbers never share one, and in the result each is replaced by its number again, also where its digits are in
a string.

An expression that computes with such a number would see the stand-in. To detect this, it is evaluated again
with other stand-ins: a result that depends on their last digits differs, and the evaluation fails instead of
giving a wrong result. A quotient that differs only in the last digit of a double is accepted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from asltool.expr.environment import Json
from asltool.expr.jsonata.host import ASKED
from asltool.expr.jsonata.job import EvaluationFailure, EvaluationJob

__all__ = ["evaluate", "numbers_in"]

_SAFE: Final = 1 << 53
"""Up to here every whole number is a double."""

_DIGITS = re.compile(r"(?<![\d.])\d{16,}(?![\d.])")

_LOST: Final = EvaluationFailure.of(
    "",
    "an integer over 2^53 would lose digits here: it stays exact only if it is passed on or compared. "
    "Make it a string at its source",
)

Execute = Callable[[EvaluationJob], Json | EvaluationFailure]


def numbers_in(value: Json) -> Iterator[float]:
    """Yield every number in a value."""
    left = [value]
    while left:
        match left.pop():
            case dict() as fields:
                left += fields.values()
            case list() as items:
                left += items
            case int() | float() as number if not isinstance(number, bool):
                yield number


def evaluate(execute: Execute, job: EvaluationJob, calculates: bool) -> Json | EvaluationFailure:
    """Evaluate with stand-ins; ``calculates`` if the expression can compute with numbers."""
    large = {number for number in numbers_in(job.values) if abs(number) >= _SAFE}
    while True:
        near = _StandIns.near(large)
        found = execute(near.job(job))
        if not (isinstance(found, EvaluationFailure) and found.code == ASKED):
            break
        large |= set(map(int, found.sentence.rpartition(": ")[2].split()))
    if isinstance(found, EvaluationFailure):
        return found
    others = [_StandIns.near(large, near), *([_StandIns.far(large)] if calculates else [])]
    try:
        return _agreed(near, found, [(other, execute(other.job(job))) for other in others])
    except _Differs:
        return _LOST


class _Differs(Exception):
    """A value depends on which double was used for a number."""


class _StandIns:
    """Doubles for numbers, in the same order; ``is_near`` if they have about the same size as the numbers."""

    def __init__(self, doubles: dict[float, float], is_near: bool) -> None:
        self.doubles = doubles
        self.sizes = {double: size for size, double in doubles.items()}
        self.is_near = is_near

    @classmethod
    def near(cls, large: set[float], others: _StandIns | None = None) -> _StandIns:
        """Use the doubles next to the numbers or, the second time, the doubles after these."""
        doubles: dict[float, float] = {}
        last = 0.0
        for size in sorted(set(map(abs, large))):
            start = others.doubles[size] if others else float(min(size, 1 << 1023))
            last = max(math.nextafter(last, math.inf), math.nextafter(start, math.inf) if others else start)
            doubles[size] = last
        return cls(doubles, True)

    @classmethod
    def far(cls, large: set[float]) -> _StandIns:
        """Use smaller doubles, to which 1 can be added without rounding, so that sums differ."""
        sizes = sorted(set(map(abs, large)))
        return cls({size: _SAFE / 2 + 1_000_003.0 * (index + 1) for index, size in enumerate(sizes)}, False)

    def job(self, job: EvaluationJob) -> EvaluationJob:
        return job._replace(values=self.put(job.values), stand_ins=self.doubles)

    def put(self, value: Json) -> Json:
        if isinstance(value, dict):
            return {key: self.put(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.put(item) for item in value]
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) < _SAFE:
            return value
        return self.doubles[value] if value > 0 else -self.doubles[-value]

    def number(self, found: float) -> float | None:
        """Return the number that a double stands for, if there is one."""
        size = self.sizes.get(abs(found))
        return size if size is None or found > 0 else -size

    def string(self, found: str) -> str:
        return _DIGITS.sub(lambda digits: str(self.sizes.get(int(digits[0]), digits[0])), found)


def _agreed(first: _StandIns, found: Json, others: list[tuple[_StandIns, Any]]) -> Json:
    """Return the result with the stand-ins replaced by their numbers.

    Raises:
        _Differs: other stand-ins give another result.
    """
    if isinstance(found, dict):
        return _agreed_object(first, found, others)
    if isinstance(found, list):
        if not all(isinstance(other, list) and len(other) == len(found) for _, other in others):
            raise _Differs
        rows = zip(found, *(other for _, other in others), strict=True)
        sets = [stand_ins for stand_ins, _ in others]
        return [_agreed(first, item, list(zip(sets, more, strict=True))) for item, *more in rows]
    if isinstance(found, str):
        text = first.string(found)
        if not all(isinstance(other, str) and text == each.string(other) for each, other in others):
            raise _Differs
        return text
    if isinstance(found, bool) or found is None:
        if not all(other is found for _, other in others):
            raise _Differs
        return found
    return _agreed_number(first, found, others)


def _agreed_object(
    first: _StandIns, found: dict[str, Json], others: list[tuple[_StandIns, Any]]
) -> dict[str, Json]:
    keys = list(map(first.string, found))
    for each, other in others:
        if not isinstance(other, dict) or list(map(each.string, other)) != keys:
            raise _Differs
    sets = [stand_ins for stand_ins, _ in others]
    rows = zip(keys, found.values(), *(other.values() for _, other in others), strict=True)
    return {key: _agreed(first, item, list(zip(sets, more, strict=True))) for key, item, *more in rows}


def _agreed_number(first: _StandIns, found: float, others: list[tuple[_StandIns, Any]]) -> float:
    number = first.number(found)
    for each, other in others:
        if isinstance(other, bool) or not isinstance(other, int | float):
            raise _Differs
        if each.number(other) != number:
            raise _Differs
        if number is None and each.is_near and not _same(found, other):
            raise _Differs
    return found if number is None else number


def _same(left: float, right: float) -> bool:
    """Return whether two results are equal up to the last digit of a double."""
    if math.isnan(left) or math.isnan(right):
        return math.isnan(left) and math.isnan(right)
    return left == right or (abs(left) < _SAFE and math.isclose(left, right, rel_tol=1e-12))
