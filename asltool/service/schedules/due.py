"""When a schedule or a rule is due, and the fields in its document for this.

``due`` is the next firing of its expression, and ``at`` the time when that is carried out, which is later if
the schedule has a flexible time window. Both are in seconds since 1970, and missing if it never fires again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from asltool.service.machines import Body
from asltool.triggers.schedules import At, Schedule, read_schedule, zone_of

__all__ = ["moment", "schedule_in", "with_next"]


def moment(seconds: float) -> datetime:
    """Return a timestamp as a datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def schedule_in(body: Mapping[str, Any]) -> Schedule:
    """Return the schedule of a document or a request.

    Raises:
        ExpressionError: its expression is not valid.
        OptionError: there is no such time zone.
    """
    zone = body.get("ScheduleExpressionTimezone")
    return read_schedule(body["ScheduleExpression"], None if zone in (None, "UTC") else zone_of(zone))


def with_next(body: Body, after: float) -> Body:
    """Return a document with its first firing after this time; a rate counts from the previous firing."""
    kept = {name: value for name, value in body.items() if name not in ("due", "at")}
    due = None if body["State"] == "DISABLED" else _next(body, after)
    if due is None:
        return kept
    return {**kept, "due": due, "at": due + _delay(body, due)}


def _next(body: Body, after: float) -> float | None:
    schedule, start = schedule_in(body), body.get("StartDate")
    if isinstance(schedule.when, At):
        found = schedule.next(moment(after))
        return None if found is None else found.timestamp()
    begun = moment(start or body.get("due") or after)
    since = moment(after) if start is None else max(moment(after), begun - timedelta(seconds=1))
    found = schedule.next(since, begun)
    if found is None or found.timestamp() > body.get("EndDate", float("inf")):
        return None
    return found.timestamp()


def _delay(body: Body, due: float) -> float:
    """Return the delay of a firing in its flexible time window, which is always the same for a firing."""
    minutes: int = body.get("FlexibleTimeWindow", {}).get("MaximumWindowInMinutes", 0)
    digest = hashlib.sha256(f"{body['Arn']} {due}".encode()).digest()
    return float(int.from_bytes(digest[:4]) % (60 * minutes)) if minutes else 0.0
