"""The timestamps of a history: written like the service's, and read in every common form."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

__all__ = ["Timestamp", "iso_time", "seconds_of"]

Timestamp = str | float | datetime
"""ISO 8601 or seconds since the epoch, as the AWS CLI prints it, or boto3's datetime."""

_LATEST = 32_503_680_000
"""The year 3000: clocks that continue from a timestamp must stay within valid dates."""


def iso_time(seconds: float) -> str:
    """Write a timestamp as the service does: ``2026-01-31T12:00:00.250Z``, rounded to milliseconds."""
    whole, milliseconds = divmod(round(seconds * 1000), 1000)
    return f"{_second(whole)}.{milliseconds:03}Z"


@lru_cache(maxsize=16)
def _second(seconds: int) -> str:
    """Return a whole second in ISO 8601 without the zone; cached, because many events share it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def seconds_of(stamp: Any) -> float:
    """Return a timestamp in seconds since the epoch.

    Raises:
        ValueError: the value is not a timestamp between 1970 and 3000.
    """
    try:
        if isinstance(stamp, bool):
            raise TypeError
        number = isinstance(stamp, int | float)
        seconds = float(stamp) if number else _date(stamp).timestamp()
    except (OSError, OverflowError, TypeError, ValueError):
        raise ValueError(f"{stamp!r} is not a timestamp") from None
    if not 0 <= seconds < _LATEST:
        raise ValueError(f"{stamp!r} is not between 1970 and 3000")
    return seconds


def _date(stamp: Any) -> datetime:
    return stamp if isinstance(stamp, datetime) else datetime.fromisoformat(stamp)
