"""PutEvents and TestEventPattern."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from asltool.errors import RequestError
from asltool.expr.values import loads
from asltool.service.errors import ServiceError, validation
from asltool.service.events.documents import bus_arn
from asltool.service.machines import Body
from asltool.triggers.buses import event_of, rule_of
from asltool.triggers.patterns import compile_pattern

if TYPE_CHECKING:
    from asltool.service.caller import Caller
    from asltool.service.service import Service

__all__ = ["put_events", "test_event_pattern"]

_FIELDS = ("id", "detail-type", "source", "account", "time", "region", "resources")


def put_events(service: Service, request: Body, caller: Caller) -> Body:
    """PutEvents. What a target does with an event never fails the entry."""
    entries = [_put(service, entry, caller) for entry in request["Entries"]]
    return {"FailedEntryCount": sum("ErrorCode" in each for each in entries), "Entries": entries}


def _put(service: Service, entry: Body, caller: Caller) -> Body:
    now = datetime.fromtimestamp(service.clock(), UTC)
    try:
        event = event_of(
            {**entry, "Time": _moment(entry.get("Time"))},
            event_id=service.new_id(),
            now=now,
            account=caller.account,
            region=caller.region,
        )
    except RequestError as problem:
        return {"ErrorCode": problem.code, "ErrorMessage": str(problem)}
    service.events.put(event, bus_arn(entry.get("EventBusName"), caller))
    return {"EventId": event["id"]}


def _moment(seconds: float | None) -> datetime | None:
    """Raises RequestError for a time that does not exist."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise RequestError("InvalidArgument", "Parameter Time is not valid.") from None


def test_event_pattern(service: Service, request: Body, caller: Caller) -> Body:
    """TestEventPattern."""
    pattern = request["EventPattern"]
    try:
        rule_of({"Name": "test", "EventPattern": pattern}, "")
        event: Any = loads(request["Event"])
    except RequestError as problem:
        raise ServiceError(problem.code, str(problem)) from None
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise validation("Parameter Event is not valid. Reason: Event is not a JSON object.")
    missing = [name for name in _FIELDS if name not in event]
    if missing:
        # No recording shows this message.
        raise validation(f"Parameter Event is not valid. Reason: {missing[0]} is missing.")
    return {"Result": compile_pattern(pattern).matches(event)}
