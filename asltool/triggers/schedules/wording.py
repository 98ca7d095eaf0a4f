"""Describe a schedule expression in a sentence."""

from __future__ import annotations

from calendar import day_name, month_name
from collections.abc import Callable
from datetime import datetime

from asltool.triggers.schedules.cron import FIELDS, Cron, CronField, number

__all__ = ["at_sentence", "cron_sentence", "rate_sentence"]

_MINUTES, _HOURS, _DAY_OF_MONTH, _MONTH, _DAY_OF_WEEK, _YEAR = FIELDS
_MOST_TIMES = 4
_DAYS = {
    "*": "every day",
    "L": "on the last day of the month",
    "LW": "on the last weekday (Monday to Friday) of the month",
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def rate_sentence(written: str) -> str:
    """Return the sentence for a rate, given its value and unit."""
    value, unit = written.split()
    every = unit if value == "1" else written
    hours = int(value) * 24
    return f"fires every {every}" + (f", that is every {hours} hours" if unit.startswith("day") else "")


def at_sentence(time: datetime, zone: str) -> str:
    """Return the sentence for one firing."""
    return f"fires once, on {time:%A} {time.day} {time:%B %Y} at {time:%H:%M:%S}, {zone}"


def cron_sentence(cron: Cron, zone: str) -> str:
    """Return the sentence for the fields of a cron expression."""
    minutes, hours, day, month, weekday, year = cron.fields
    parts = [_time(cron, minutes, hours)]
    parts.append(_day(day.upper()) if weekday == "?" else _weekday(weekday.upper()))
    if month != "*":
        parts.append(_phrase(month, _MONTH, "in", _month))
    if year != "*":
        parts.append(_phrase(year, _YEAR, "in"))
    return f"fires {' '.join(parts)}, {zone}"


def _time(cron: Cron, minutes: str, hours: str) -> str:
    if len(cron.times) <= _MOST_TIMES:
        return f"at {_and([f'{hour:02}:{minute:02}' for hour, minute in cron.times])}"
    every_minute = "every minute" if minutes == "*" else _phrase(minutes, _MINUTES, "at minute")
    if hours == "*":
        return every_minute if "/" in minutes or minutes == "*" else f"{every_minute} of every hour"
    return f"{every_minute} {_phrase(hours, _HOURS, 'during hour')}"


def _day(text: str) -> str:
    if text in _DAYS:
        return _DAYS[text]
    if text.endswith("W"):
        return f"on the weekday (Monday to Friday) nearest to day {int(text[:-1])} of the month"
    return f"{_phrase(text, _DAY_OF_MONTH, 'on day')} of the month"


def _weekday(text: str) -> str:
    if text == "*":
        return "every day"
    if text == "L":
        text = "7"
    if text.endswith("L"):
        return f"on the last {_weekday_name(number(text[:-1], _DAY_OF_WEEK) or 1)} of the month"
    if "#" in text:
        name, nth = text.split("#")
        return (
            f"on the {_ORDINALS[int(nth) - 1]} {_weekday_name(number(name, _DAY_OF_WEEK) or 1)} of the month"
        )
    return _phrase(text, _DAY_OF_WEEK, "on", _weekday_name)


def _month(value: int) -> str:
    return month_name[value]


def _weekday_name(value: int) -> str:
    return day_name[(value + 5) % 7]


def _phrase(text: str, of: CronField, preposition: str, name: Callable[[int], str] = str) -> str:
    """Describe a field: values, ranges and steps."""
    elements = text.split(",")
    if "/" in text:
        return _and([_step(each, of, name) or f"{preposition} {_span(each, of, name)}" for each in elements])
    if " " in preposition and (len(elements) > 1 or "-" in text):
        preposition += "s"
    elif "-" in text and len(elements) == 1:
        preposition = "from"
    return f"{preposition} {_and([_span(each, of, name) for each in elements])}"


def _span(text: str, of: CronField, name: Callable[[int], str]) -> str:
    """Describe a value or a range."""
    return " to ".join(name(number(each, of) or 0) for each in text.split("-"))


def _step(element: str, of: CronField, name: Callable[[int], str]) -> str:
    """Describe an element such as ``1/10``; empty if it has no step."""
    where, slash, step = element.partition("/")
    if not slash:
        return ""
    unit = of.name.removesuffix("s").partition("-")[0]
    every = f"every {unit}" if int(step) == 1 else f"every {int(step)} {unit}s"
    first = number(where, of)
    return every if where == "*" or first == of.least else f"{every} from {_span(where, of, name)}"


def _and(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
