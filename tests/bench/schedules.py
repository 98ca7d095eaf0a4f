"""Seconds for a year of firings of a hundred daily and weekly schedules, half of them in a time zone.

``python -m tests.bench.schedules``
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import takewhile

from asltool.triggers.schedules import read_schedule, zone_of

LIMIT = 2.0  # seconds
ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Sydney", "Asia/Tokyo")
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def main() -> None:
    begin = time.perf_counter()
    firings = 0
    for number in range(100):
        days = "* * ?" if number % 2 else f"? * {number // 2 % 7 + 1}"
        zone = zone_of(ZONES[number % 4]) if number < 50 else None
        schedule = read_schedule(f"cron({number % 60} {number % 24} {days} *)", zone)
        firings += sum(1 for _ in takewhile(lambda firing: firing < END, schedule.firings(START)))
    took = time.perf_counter() - begin
    print(f"{firings:,} firings: {took:.3f} s, {took / firings * 1e6:.1f} us each")
    assert took < LIMIT


if __name__ == "__main__":
    main()
