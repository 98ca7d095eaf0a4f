"""The check of the events' shape, on which every reader of a history relies.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from asltool.history.event_types import FIELD_TYPES, type_of
from asltool.history.timestamps import seconds_of
from asltool.syntax.wording import quoted

__all__ = ["details_of", "misshapen"]

_NAMES = {str: "a string", int: "a whole number", dict: "an object"}


def details_of(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event's details: the fields of its ``…EventDetails``."""
    return next((value for key, value in event.items() if key.endswith("EventDetails")), {})


def misshapen(events: Sequence[Any]) -> str | None:
    """Return the problem of the first event that is not valid in GetExecutionHistory; None if all are."""
    ids: set[int] = set()
    for number, event in enumerate(events, 1):
        problem = next(_problems(event), None)
        if problem is None and event["id"] in ids:
            problem = f'"id" {event["id"]} is the ID of an earlier event'
        if problem is not None:
            return f"event {number} is not shaped as GetExecutionHistory gives it: {problem}"
        ids.add(event["id"])
    return None


def _problems(event: Any) -> Iterator[str]:
    if not isinstance(event, Mapping):
        yield "it has to be an object"
        return
    number, previous, kind = event.get("id"), event.get("previousEventId", 0), event.get("type")
    if type(number) is not int or number < 1:
        yield '"id" has to be a whole number from 1'
    elif type(previous) is not int or not 0 <= previous < number:
        yield '"previousEventId" has to be a whole number below "id"'
    if not isinstance(kind, str):
        yield '"type" has to be a string'
        return
    if (stamp := event.get("timestamp")) is not None:
        yield from _stamped(stamp)
    named = [name for name in event if name.endswith("EventDetails")]
    if len(named) > 1:
        yield f"it has details of two kinds, {quoted(named[0])} and {quoted(named[1])}"
    for name in named:
        yield from _in_details(name, event[name])
    row = type_of(kind)
    if row.state_field is not None and row.state_field not in event.get(row.details, ()):
        yield f"{quoted(row.details)} has to have {quoted(row.state_field)}"


def _stamped(stamp: Any) -> Iterator[str]:
    try:
        seconds_of(stamp)
    except ValueError:
        yield '"timestamp" has to be ISO 8601 or seconds since 1970'


def _in_details(name: str, details: Any) -> Iterator[str]:
    if not isinstance(details, Mapping):
        yield f"{quoted(name)} has to be an object"
        return
    for field, value in details.items():
        kind = FIELD_TYPES.get(field)
        if kind is not None and type(value) is not kind:
            yield f"{quoted(field)} in {quoted(name)} has to be {_NAMES[kind]}"
    for variable, value in details.get("assignedVariables", {}).items():
        if not isinstance(value, str):
            yield f'{quoted(variable)} in "assignedVariables" has to be a string'
