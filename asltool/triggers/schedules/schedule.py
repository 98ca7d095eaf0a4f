"""A schedule expression, and when it fires.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html and
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from asltool.errors import ExpressionError
from asltool.syntax.wording import expected, quoted
from asltool.triggers.schedules.cron import FIELDS, Cron, read_cron
from asltool.triggers.schedules.wording import at_sentence, cron_sentence, rate_sentence
from asltool.triggers.schedules.zones import instants, local_time

__all__ = ["At", "Rate", "Schedule", "read_schedule"]

_FIRST = datetime(1969, 12, 30, tzinfo=UTC)
_YEAR = FIELDS[5]
_UNITS = {"minute": 1, "hour": 60, "day": 24 * 60}
_MOST = 10**9 - 1
"""The largest value of a rate."""

_CALL = re.compile(r"(?P<name>[^(]*)\((?P<inside>[^()]*)\)")
_RATE = re.compile(r"\s*(?P<value>\S+)\s+(?P<unit>\S+)\s*")
_AT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", re.ASCII)


@dataclass(frozen=True)
class Rate:
    """``rate(5 minutes)``: a day has 24 hours. ``written`` is the value and the unit, as in ``5 minutes``."""

    minutes: int
    written: str


@dataclass(frozen=True)
class At:
    """``at(2026-11-20T13:00:00)``: once, at a local time."""

    time: datetime

    def local_times(self, after: datetime) -> Iterable[datetime]:
        return [self.time] if self.time > after else []


@dataclass(frozen=True)
class Schedule:
    """A schedule expression with its time zone, which is UTC if it is None."""

    text: str
    when: Cron | Rate | At
    zone: ZoneInfo | None = None

    def firings(self, after: datetime, start: datetime | None = None) -> Iterator[datetime]:
        """Yield the firings after an instant, in order and in UTC.

        Args:
            after: an instant, with its zone. start: the first firing of a rate, without its seconds; by
            default, a rate counts from ``after``.

        There is no firing at a local time that the clock skips in spring, and only one at a time that it
        repeats in autumn. Cron expressions end with 2199.
        """
        after = max(after, _FIRST)
        if isinstance(self.when, Rate):
            return _rate_firings(self.when.minutes, after, start)
        if self.zone is None:
            return (
                time.replace(tzinfo=UTC)
                for time in self.when.local_times(after.astimezone(UTC).replace(tzinfo=None))
            )
        return instants(self.when.local_times(_local(after, self.zone)), self.zone, after)

    def next(self, after: datetime, start: datetime | None = None) -> datetime | None:
        """Return the first of `firings`; None if it never fires again."""
        return next(self.firings(after, start), None)

    def explain(self) -> str:
        """Return what the expression means, as a sentence."""
        zone = "UTC" if self.zone is None else f"{self.zone.key} time"
        if isinstance(self.when, Rate):
            return rate_sentence(self.when.written)
        return (
            at_sentence(self.when.time, zone) if isinstance(self.when, At) else cron_sentence(self.when, zone)
        )


def _local(after: datetime, zone: ZoneInfo) -> datetime:
    try:
        return local_time(after, zone)
    except OverflowError:
        return datetime.max


def _rate_firings(minutes: int, after: datetime, start: datetime | None) -> Iterator[datetime]:
    first = (start or after).astimezone(UTC).replace(second=0, microsecond=0)
    try:
        period = timedelta(minutes=minutes)
        time = first + max((after - first) // period + 1, 0 if start else 1) * period
        while True:
            yield time
            time += period
    except OverflowError:
        return  # There are no dates after the year 9999.


def read_schedule(text: str, zone: ZoneInfo | None = None) -> Schedule:
    """Parse a schedule expression. Raises ExpressionError with the offset of the fault."""
    found = _CALL.fullmatch(text)
    name = found["name"] if found else text.partition("(")[0]
    if name not in _READERS:
        raise ExpressionError(
            f"{quoted(name)} is not a kind of schedule. {expected(name, _READERS)}", text, 0
        )
    if found is None:
        raise ExpressionError(f"expected {name}(…), with one pair of parentheses", text, len(name))
    return Schedule(text, _READERS[name](text, found.start("inside"), found.end("inside")), zone)


def _read_rate(text: str, start: int, end: int) -> Rate:
    found = _RATE.fullmatch(text, start, end)
    if found is None:
        raise ExpressionError('expected a number and a unit, as in "rate(5 minutes)"', text, start)
    value, unit = found["value"], found["unit"]
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(_MOST)) and int(value)):
        message = f"the value of a rate must be a whole number from 1 to {_MOST:,}, not {quoted(value)}"
        raise ExpressionError(message, text, found.start("value"))
    known = {f"{each}s" if int(value) > 1 else each: size for each, size in _UNITS.items()}
    if unit not in known:
        message = f"{quoted(unit)} is not a unit of {quoted(int(value))}. {expected(unit, known)}"
        raise ExpressionError(message, text, found.start("unit"))
    return Rate(int(value) * known[unit], f"{int(value)} {unit}")


def _read_at(text: str, start: int, end: int) -> At:
    written = text[start:end]
    message = 'expected a date and time without zone, as in "at(2026-11-20T13:00:00)"'
    if not _AT.fullmatch(written):
        raise ExpressionError(message, text, start)
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        raise ExpressionError(f"{quoted(written)} does not exist. {message}", text, start) from None
    if not _YEAR.least <= time.year <= _YEAR.most:
        raise ExpressionError(f"the year must be {_YEAR.least} to {_YEAR.most}", text, start)
    return At(time)


_READERS: dict[str, Callable[[str, int, int], Cron | Rate | At]] = {
    "at": _read_at,
    "cron": read_cron,
    "rate": _read_rate,
}
