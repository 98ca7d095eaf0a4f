"""Durations and dates on the command line: ``90d``, ``12h``, ``2026-11-01``. Use them as types of options."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import click

__all__ = ["duration", "moment"]

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}


def duration(text: str) -> float:
    """Return a number with a unit in seconds.

    Raises:
        click.BadParameter: it is not a duration.
    """
    match = re.fullmatch(r"([0-9]{1,6})([smhdw])", text)
    if match is None:
        units = "expected a number and a unit (s, m, h, d or w), such as 90d"
        raise click.BadParameter(f'"{text}" is not a duration. {units}')
    return int(match[1]) * _SECONDS[match[2]]


def moment(text: str) -> float:
    """Return a duration before now, or a date or timestamp in ISO 8601, as seconds since the epoch.

    A timestamp is in UTC unless it says otherwise.

    Raises:
        click.BadParameter: the value is neither.
    """
    if re.fullmatch(r"[0-9]+[a-z]", text):
        return time.time() - duration(text)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        expected = "expected one such as 90d, 2026-01-31 or 2026-01-31T08:00:00Z"
        raise click.BadParameter(f'"{text}" is not a duration, date or timestamp. {expected}') from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
