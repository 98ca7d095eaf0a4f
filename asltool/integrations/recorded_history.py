"""The tasks in an execution's history, and their outcomes.

The history is what ``aws stepfunctions get-execution-history`` prints, or ``asltool run --history`` writes.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.engine.effects import Failed, Outcome, Started, Submitted, Succeeded
from asltool.errors import HistoryError
from asltool.history.calls import HistoryCall, calls, payload
from asltool.history.event_types import type_of
from asltool.history.shape import details_of, misshapen
from asltool.integrations.recorded import RecordedCall

__all__ = ["read_history"]


def read_history(document: Mapping[str, Any], path: str) -> list[RecordedCall]:
    """Return the calls of a history, in the order in which they were made.

    A call that timed out has no end, so it times out again.

    Raises:
        HistoryError: the history is incomplete, or has no payloads.
    """
    if document.get("nextToken"):
        raise HistoryError(f'{path} is an incomplete history: it ends with a "nextToken". download all of it')
    if problem := misshapen(document["events"]):
        raise HistoryError(f"{path}: {problem}")
    return [_recorded(call, path) for call in calls(document["events"], path)]


def _recorded(call: HistoryCall, path: str) -> RecordedCall:
    asked = payload(call.scheduled, path, "parameters", "input")
    recorded = RecordedCall(call.state, asked, call.attempt, f"event {call.scheduled['id']} of {path}")
    for event in call.outcomes:
        recorded.add(_outcome(event, path))
    return recorded


def _outcome(event: Mapping[str, Any], path: str) -> Outcome:
    details = details_of(event)
    match type_of(event["type"]).phase:
        case "succeeded":
            return Succeeded(payload(event, path, "output"))
        case "submitted":
            return Submitted(payload(event, path, "output"))
        case "started":
            return Started(details.get("workerName"))
        case _:
            return Failed(details.get("error"), details.get("cause"))
