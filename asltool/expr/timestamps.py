"""Timestamps: the RFC 3339 profile of the States Language, with nanosecond precision.

``T`` and ``Z`` are upper case, seconds and a zone are required, a fraction has 1 to 9 digits.

Source: https://states-language.net/spec.html#timestamps
"""

from __future__ import annotations

import re
from datetime import date

__all__ = ["nanoseconds"]

_TIMESTAMP = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)T(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)"
    r"(?:\.(?P<fraction>\d{1,9}))?(?:Z|(?P<sign>[+-])(?P<ahead>0\d|1[0-8]):(?P<minutes>[0-5]\d))",
    re.ASCII,
)
_EPOCH = date(1970, 1, 1).toordinal()


def nanoseconds(text: str) -> int | None:
    """Return nanoseconds since 1970-01-01T00:00:00Z, or None if the text is not a timestamp."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    try:
        days = date.fromisoformat(match["date"]).toordinal() - _EPOCH
    except ValueError:
        return None
    seconds = (days * 24 + int(match["hour"])) * 3600 + int(match["minute"]) * 60 + int(match["second"])
    if match["sign"]:
        offset = int(match["ahead"]) * 3600 + int(match["minutes"]) * 60
        seconds += -offset if match["sign"] == "+" else offset
    return seconds * 1_000_000_000 + int((match["fraction"] or "").ljust(9, "0"))
