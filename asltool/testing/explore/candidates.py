"""Candidate values: one for each class of values that the conditions of a Choice can distinguish."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from asltool.expr.timestamps import nanoseconds
from asltool.expr.values import dumps
from asltool.syntax.model import ABSENT

__all__ = ["NOON_TEXT", "distinct", "telling"]

NOON_TEXT = "2026-01-01T12:00:00Z"


def telling(constants: Iterable[Any]) -> list[Any]:
    """Return values that comparisons with these constants distinguish, and one of every other type.

    Every number and string lies between the same constants as one of these; for timestamps, there is one on
    each side.
    """
    constants = distinct(constants)
    numbers = sorted(
        each for each in constants if isinstance(each, int | float) and not isinstance(each, bool)
    )
    texts = sorted(each for each in constants if isinstance(each, str))
    others = [each for each in constants if isinstance(each, dict | list)]
    return distinct(
        [
            *texts,
            *_around(numbers),
            True,
            False,
            *(["other"] if texts else ["text"]),
            *others,
            None,
            *(timestamp for text in texts for timestamp in _timestamps_around(text)),
            NOON_TEXT,
            {},
            [],
            [{}],
            ABSENT,
            *(f"{text}\0" for text in texts),
            "",
        ]
    )


def _around(numbers: list[Any]) -> list[Any]:
    if not numbers:
        return [1, 0]
    between = [(low + high) / 2 if high - low <= 1 else low + 1 for low, high in pairwise(numbers)]
    return [*numbers, _beyond(numbers[-1], 1), _beyond(numbers[0], -1), *between]


def _beyond(number: int | float, step: int) -> int | float:
    """Return the number plus or minus one, or the next different number if it is too large for that."""
    return number + step if number + step != number else number + step * abs(number)


def _timestamps_around(text: str) -> list[str]:
    """Return the timestamps one second before and after this one; none if it is not a timestamp."""
    moment = nanoseconds(text)
    if moment is None:
        return []
    begun = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        around = [begun + timedelta(seconds=moment // 1_000_000_000 + step) for step in (-1, 1)]
    except OverflowError:
        return []
    return [each.strftime("%Y-%m-%dT%H:%M:%SZ") for each in around]


def distinct(values: Iterable[Any]) -> list[Any]:
    """Return JSON values without duplicates; ``1``, ``1.0`` and ``true`` differ."""
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault("ABSENT" if value is ABSENT else dumps(value), value)
    return list(found.values())
