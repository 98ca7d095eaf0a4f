"""Time zones: convert local time to UTC, also where clocks are put forward or back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from asltool.errors import OptionError
from asltool.syntax.wording import near, quoted

__all__ = ["instants", "local_time", "zone_of"]


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone by its name in the IANA database, such as ``America/Los_Angeles``.

    Raises OptionError if there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        meant = near(name, sorted(available_timezones()))
        hint = f"did you mean {quoted(meant)}?" if meant else 'expected a name such as "America/Los_Angeles"'
        raise OptionError(f"unknown time zone {quoted(name)}. {hint}") from None


def local_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return the local time in a zone at an instant, as a naive datetime."""
    return instant.astimezone(zone).replace(tzinfo=None)


def instants(local: Iterable[datetime], zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield, in UTC, the instants of these local times in a zone that are after a given instant.

    A time that the clock skips in spring is left out. For a time that it shows twice in autumn, the first one
    counts.
    """
    for time in local:
        instant = time.replace(tzinfo=zone).astimezone(UTC)
        if instant > after and local_time(instant, zone) == time:
            yield instant
