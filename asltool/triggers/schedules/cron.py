"""``cron()``: parse its six fields into sets of values.

The service's rules are those of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeAlias

from asltool.errors import ExpressionError
from asltool.syntax.wording import quoted

__all__ = ["FIELDS", "Cron", "CronField", "CronToken", "number", "read_cron"]

Days: TypeAlias = "Callable[[int, int], Sequence[int]]"
"""The days of a month, given the year and the month."""


class CronField(NamedTuple):
    """A field of ``cron()``. ``names`` are numbered from ``least``."""

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()
    steps: bool = True


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

FIELDS = (
    CronField("minutes", 0, 59),
    CronField("hours", 0, 23),
    CronField("day-of-month", 1, 31),
    CronField("month", 1, 12, _MONTHS),
    CronField("day-of-week", 1, 7, _WEEKDAYS, steps=False),
    CronField("year", 1970, 2199),
)
_DAY_OF_MONTH, _DAY_OF_WEEK = FIELDS[2], FIELDS[4]

_TOKEN = re.compile(r"\S+")
_ELEMENT = re.compile(r"(?P<first>[^-/]*)(?P<dash>-(?P<last>[^-/]*))?(?P<slash>/(?P<step>[^-/]*))?")


class CronToken(NamedTuple):
    """A token of an expression with its offset."""

    text: str
    start: int


@dataclass(frozen=True)
class Cron:
    """When to fire, in local time. ``fields`` are the six fields as written."""

    fields: tuple[str, ...]
    times: tuple[tuple[int, int], ...] = field(repr=False)
    months: frozenset[int] = field(repr=False)
    years: frozenset[int] = field(repr=False)
    days: Days = field(repr=False, compare=False)

    def local_times(self, after: datetime) -> Iterator[datetime]:
        """Yield the local times after another one, in order, to the end of 2199."""
        for year in range(max(after.year, FIELDS[5].least), FIELDS[5].most + 1):
            if year not in self.years:
                continue
            for month in range(1, 13):
                if month in self.months and (year, month) >= (after.year, after.month):
                    yield from self._month(year, month, after)

    def _month(self, year: int, month: int, after: datetime) -> Iterator[datetime]:
        today = after.day if (year, month) == (after.year, after.month) else 0
        for day in self.days(year, month):
            if day >= today:
                first = bisect_right(self.times, (after.hour, after.minute)) if day == today else 0
                for hour, minute in self.times[first:]:
                    yield datetime(year, month, day, hour, minute)


def read_cron(text: str, start: int, end: int) -> Cron:
    """Parse the fields between two offsets of an expression. Raises ExpressionError."""
    tokens = [CronToken(found[0], found.start()) for found in _TOKEN.finditer(text, start, end)]
    return _Reader(text).cron(tokens, end)


def number(text: str, of: CronField) -> int | None:
    """Return the number of a value of a field; None if it is not a valid value."""
    if text.isascii() and text.isdigit() and len(text) <= 4:
        found = int(text)
        return found if of.least <= found <= of.most else None
    return of.names.index(text.upper()) + of.least if text.upper() in of.names else None


class _Reader:
    """Parses the fields of one expression."""

    def __init__(self, text: str) -> None:
        self._text = text

    def error(self, message: str, offset: int) -> ExpressionError:
        return ExpressionError(message, self._text, offset)

    def cron(self, tokens: list[CronToken], end: int) -> Cron:
        if len(tokens) != len(FIELDS):
            offset = tokens[len(FIELDS)].start if len(tokens) > len(FIELDS) else end
            names = ", ".join(each.name for each in FIELDS)
            raise self.error(f"cron() needs six fields ({names}), not {len(tokens)}", offset)
        minutes, hours, months, years = (sorted(self.values(tokens[i], FIELDS[i])) for i in (0, 1, 3, 5))
        days = self.days(tokens[2], tokens[4])
        return Cron(
            tuple(token.text for token in tokens),
            tuple((hour, minute) for hour in hours for minute in minutes),
            frozenset(months),
            frozenset(years),
            days,
        )

    def days(self, day: CronToken, weekday: CronToken) -> Days:
        if day.text == "?" and weekday.text == "?":
            raise self.error('day-of-month and day-of-week cannot both be "?"', weekday.start)
        if weekday.text == "?":
            return self.days_of_month(day)
        if day.text == "?":
            return self.days_of_week(weekday)
        message = 'one of day-of-month and day-of-week must be "?": they cannot both have a value'
        raise self.error(message, weekday.start)

    def days_of_month(self, token: CronToken) -> Days:
        self.alone(token, _DAY_OF_MONTH, "LW")
        text = token.text.upper()
        if text == "L":
            return lambda year, month: [_length(year, month)]
        if text == "LW":
            return lambda year, month: [_nearest(year, month, _length(year, month))]
        if text.endswith("W"):
            nearest = self.value(CronToken(text[:-1], token.start), _DAY_OF_MONTH)
            return lambda year, month: (
                [_nearest(year, month, nearest)] if nearest <= _length(year, month) else []
            )
        wanted = sorted(self.values(token, _DAY_OF_MONTH))
        return lambda year, month: [day for day in wanted if day <= _length(year, month)]

    def days_of_week(self, token: CronToken) -> Days:
        self.alone(token, _DAY_OF_WEEK, "L#")
        text = token.text.upper()
        if text == "L":
            text = "7"
        if text.endswith("L"):
            last = self.value(CronToken(text[:-1], token.start), _DAY_OF_WEEK)
            return lambda year, month: _weekdays(year, month, {last})[-1:]
        if "#" in text:
            name, _, nth = text.partition("#")
            wanted = self.value(CronToken(name, token.start), _DAY_OF_WEEK)
            if nth not in ("1", "2", "3", "4", "5"):
                raise self.error(
                    f'the number after "#" must be 1 to 5, not {quoted(nth)}', token.start + len(name) + 1
                )
            return lambda year, month: _weekdays(year, month, {wanted})[int(nth) - 1 : int(nth)]
        found = frozenset(self.values(CronToken(text, token.start), _DAY_OF_WEEK))
        return lambda year, month: _weekdays(year, month, found)

    def alone(self, token: CronToken, of: CronField, letters: str) -> None:
        """Reject lists with values that must be alone: ``L`` and ``W``, or ``L`` and ``#``."""
        for part in _elements(token) if "," in token.text else ():
            if number(part.text, of) is None and set(part.text.upper()) & set(letters) - set(
                "".join(of.names)
            ):
                raise self.error(f"{quoted(part.text)} cannot be in a list in {of.name}", part.start)

    def values(self, token: CronToken, of: CronField) -> set[int]:
        """Return the values of a list of numbers, names, ranges and steps."""
        return {value for part in _elements(token) for value in self.element(part, of)}

    def element(self, token: CronToken, of: CronField) -> Sequence[int]:
        found = _ELEMENT.fullmatch(token.text)
        if found is None:
            raise self.error(f"{quoted(token.text)} is not a value of {of.name}", token.start)
        start, step = token.start, 1
        if found["slash"] is not None:
            if not of.steps:
                message = f'steps ("/") are not allowed in {of.name}'
                raise self.error(message, start + found.start("slash"))
            step = self.step(CronToken(found["step"], start + found.start("step")), of)
        if found["first"] == "*" and found["dash"] is None:
            return range(of.least, of.most + 1, step)
        first = self.value(CronToken(found["first"], start), of)
        if found["dash"] is None:
            return range(first, of.most + 1, step) if found["slash"] is not None else (first,)
        last = self.value(CronToken(found["last"], start + found.start("last")), of)
        if first <= last:
            return range(first, last + 1, step)
        if of.name == "year":
            raise self.error(f"the range {quoted(token.text)} ends before it starts", start)
        size = of.most - of.least + 1
        return [(value - of.least) % size + of.least for value in range(first, last + size + 1, step)]

    def step(self, token: CronToken, of: CronField) -> int:
        most = of.most - of.least + (of.least == 1)
        if token.text.isascii() and token.text.isdigit() and 1 <= int(token.text[:9]) <= most:
            return int(token.text[:9])
        message = f"a step in {of.name} must be 1 to {most}, not {quoted(token.text)}"
        raise self.error(message, token.start)

    def value(self, token: CronToken, of: CronField) -> int:
        found = number(token.text, of)
        if found is None:
            names = f" or {of.names[0]} to {of.names[-1]}" if of.names else ""
            what = (
                f"{quoted(token.text)} is not a value of {of.name}"
                if token.text
                else f"{of.name} lacks a value"
            )
            raise self.error(f"{what}. expected {of.least} to {of.most}{names}", token.start)
        return found


def _elements(token: CronToken) -> Iterator[CronToken]:
    """Yield the elements of a list."""
    start = token.start
    for part in token.text.split(","):
        yield CronToken(part, start)
        start += len(part) + 1


# The calendar. Days of the week are 1 to 7 from Sunday.


def _length(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _weekdays(year: int, month: int, wanted: set[int] | frozenset[int]) -> list[int]:
    """Return the days of a month that are one of these days of the week."""
    first, length = monthrange(year, month)
    return [day for day in range(1, length + 1) if (first + day) % 7 + 1 in wanted]


def _nearest(year: int, month: int, day: int) -> int:
    """Return the day from Monday to Friday that is nearest to a day, in the same month."""
    first, length = monthrange(year, month)
    weekday = (first + day - 1) % 7
    if weekday == 5:
        return day - 1 if day > 1 else day + 2
    if weekday == 6:
        return day + 1 if day < length else day - 2
    return day
