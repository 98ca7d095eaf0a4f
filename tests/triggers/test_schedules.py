"""Schedule expressions: recorded firings, cases of our own, an independent second reading, and any text."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.errors import ExpressionError, OptionError
from asltool.triggers.schedules import read_schedule, zone_of

CASES = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "triggers" / "schedules.yaml").read_text("utf-8")
)
RECORDED = Path(__file__).parents[3] / "shared" / "eventbridge" / "schedules.json"
NOW = datetime(2026, 2, 14, 10, 30, tzinfo=UTC)


@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded firings")
def test_recorded_firings() -> None:
    for case in json.loads(RECORDED.read_text("utf-8")):
        try:
            found = read_schedule(case["expression"]).next(datetime.fromisoformat(case["after"]))
            said = "never" if found is None else found.isoformat().replace("+00:00", "Z")
        except ExpressionError:
            said = None
        assert said == case["next"], case


@pytest.mark.parametrize(("text", "meaning", "wanted"), [(row[0], row[1], row[2:]) for row in CASES["fires"]])
def test_it_fires(text: str, meaning: str, wanted: list[str]) -> None:
    schedule = read_schedule(text)
    times = [datetime.fromisoformat(f"2026-{time}+00:00") for time in wanted]
    assert schedule.explain() == f"fires {meaning}"
    assert list(islice(schedule.firings(NOW), max(1, len(times)))) == times


@pytest.mark.parametrize(
    ("zone", "text", "after", "wanted"), [(*row[:3], row[3:]) for row in CASES["zones"]], ids=str
)
def test_it_fires_in_a_zone(zone: str, text: str, after: str, wanted: list[str]) -> None:
    area = zone_of(zone)
    firings = read_schedule(text, area).firings(datetime.fromisoformat(after))
    assert [each.astimezone(area).isoformat() for each in islice(firings, max(1, len(wanted)))] == wanted


ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe")
"""Lord Howe puts its clocks forward by half an hour, and in the south spring is in October."""


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("hours", "minutes", "text"),
    [
        ({1}, {30, 45}, "cron(30,45 1 * * ? *)"),
        ({2}, {0, 15, 30}, "cron(0,15,30 2 * * ? *)"),
        (set(range(24)), {0, 30}, "cron(0/30 * * * ? *)"),
    ],
)
def test_both_changes_of_the_clock_against_its_minutes(
    zone: str, hours: set[int], minutes: set[int], text: str
) -> None:
    """A year, minute by minute: a time that the clock skips is not shown, the second of two has a fold."""
    area, start = zone_of(zone), datetime(2026, 1, 1, tzinfo=UTC)
    quarters = (start + timedelta(minutes=15 * number) for number in range(1, 365 * 96))
    wanted = [
        instant
        for instant in quarters
        if (local := instant.astimezone(area)).hour in hours and local.minute in minutes and not local.fold
    ]
    found = islice(read_schedule(text, area).firings(start), len(wanted))
    assert list(found) == wanted


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: case["text"])
def test_it_is_refused_where_it_is_wrong(case: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_schedule(case["text"])
    assert (caught.value.message, caught.value.offset) == (case["message"], case["caret"].index("^"))
    assert caught.value.text == case["text"]


def test_a_rate_with_a_start_fires_at_its_start() -> None:
    start = NOW + timedelta(minutes=2, seconds=20)
    firings = read_schedule("rate(5 minutes)").firings(NOW, start)
    assert list(islice(firings, 2)) == [NOW + timedelta(minutes=2), NOW + timedelta(minutes=7)]
    late = read_schedule("rate(5 minutes)").next(NOW, NOW - timedelta(minutes=7))
    assert late == NOW + timedelta(minutes=3)


@pytest.mark.parametrize("text", ["rate(999999999 days)", "cron(0 0 1 1 ? *)", "at(2199-12-31T23:59:59)"])
@pytest.mark.parametrize("zone", [None, "Asia/Tokyo", "America/Los_Angeles"])
@pytest.mark.parametrize("after", [datetime.min, datetime.max])
def test_the_ends_of_time(text: str, zone: str | None, after: datetime) -> None:
    schedule = read_schedule(text, None if zone is None else zone_of(zone))
    assert len(list(islice(schedule.firings(after.replace(tzinfo=UTC)), 2))) <= 2


@pytest.mark.parametrize("name", ["America/LosAngeles", "", "../etc/passwd", "/etc/passwd", "a\0b", "Mars"])
def test_an_unknown_zone(name: str) -> None:
    with pytest.raises(OptionError, match="unknown time zone"):
        zone_of(name)


ELEMENTS = st.sampled_from(
    ["*", "?", "0", "1", "5-9", "22-2", "*/7", "1/10", "L", "LW", "3W", "MON", "2#3", "6L", "FEB"]
)
FIELDS = st.lists(ELEMENTS, min_size=1, max_size=2).map(",".join)
CRONS = st.lists(FIELDS, min_size=5, max_size=7).map(lambda fields: f"cron({' '.join(fields)})")
RATES = st.from_regex(r"rate\(-?\d{1,12} ?(minute|hour|day)s?\)", fullmatch=True)
ATS = st.from_regex(r"at\(\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d\)", fullmatch=True)
TIMES = st.datetimes(datetime(1960, 1, 1), datetime(2210, 1, 1), timezones=st.just(UTC))


@settings(derandomize=True, deadline=None)
@given(st.text() | CRONS | RATES | ATS, TIMES, st.sampled_from([None, zone_of("Europe/Berlin")]))
def test_any_text_works_or_is_refused(text: str, after: datetime, zone: Any) -> None:
    try:
        schedule = read_schedule(text, zone)
    except ExpressionError as error:
        offset: int | None = error.offset
    else:
        offset = None
        firings = list(islice(schedule.firings(after), 3))
        assert firings == sorted(set(firings))
        assert all(firing > after for firing in firings)
        assert schedule.explain().startswith("fires ")
    assert offset is None or 0 <= offset <= len(text)


MINUTES = {"*": range(60), "0": [0], "5,7": [5, 7], "10-12": [10, 11, 12], "*/25": [0, 25, 50]}
HOURS = {"*": range(24), "8": [8], "22-2": [22, 23, 0, 1, 2], "1/9": [1, 10, 19]}
DAYS = {"* ?": range(1, 8), "? 2": [1], "? FRI-SUN": [5, 6, 7], "? 4,7": [3, 6]}


@settings(derandomize=True, deadline=None)
@given(
    st.sampled_from(sorted(MINUTES)),
    st.sampled_from(sorted(HOURS)),
    st.sampled_from(sorted(DAYS)),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),
)
def test_it_agrees_with_trying_every_minute(minutes: str, hours: str, days: str, after: datetime) -> None:
    day, weekday = days.split()
    minute = after.replace(second=0, microsecond=0)
    while True:
        minute += timedelta(minutes=1)
        of_day = minute.minute in MINUTES[minutes] and minute.hour in HOURS[hours]
        if of_day and minute.isoweekday() in DAYS[days]:
            break
    assert read_schedule(f"cron({minutes} {hours} {day} * {weekday} *)").next(after) == minute
