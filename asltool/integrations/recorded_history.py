"""The tasks in an execution's history, and how they went.

The history is what ``aws stepfunctions get-execution-history`` prints, or ``asltool run --history`` writes.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.engine.effects import Failed, Outcome, Started, Submitted, Succeeded
from asltool.errors import MockError
from asltool.expr.values import loads
from asltool.history.shape import details_of, misshapen
from asltool.integrations.recorded import RecordedCall
from asltool.syntax.wording import quoted

__all__ = ["read_history"]

_WORK = ("Task", "LambdaFunction", "Activity")
_SCHEDULED = {f"{kind}Scheduled" for kind in _WORK}
_SUCCEEDED = {f"{kind}Succeeded" for kind in _WORK}
_FAILED = {f"{kind}{what}Failed" for kind in _WORK for what in ("", "Schedule", "Start", "Submit")}
"""What fails before it has begun has a name of its own, such as ``TaskSubmitFailed``."""


def read_history(document: dict[str, Any], path: str) -> list[RecordedCall]:
    """Return the calls of a history, in the order in which they were made.

    A call that timed out has no end: so it times out again.

    Raises:
        MockError: a history that is not whole, or that has no payloads.
    """
    if document.get("nextToken"):
        raise MockError(f'{path} is a part of a history: it ends with a "nextToken". download all of it')
    if problem := misshapen(document["events"]):
        raise MockError(f"{path}: {problem}")
    return _History(document["events"], path).calls()


class _History:
    def __init__(self, events: list[dict[str, Any]], path: str) -> None:
        self._events = {event["id"]: event for event in sorted(events, key=lambda event: event["id"])}
        self._path = path

    def calls(self) -> list[RecordedCall]:
        scheduled = (event for event in self._events.values() if event["type"] in _SCHEDULED)
        calls = {event["id"]: self._call(event) for event in scheduled}
        for event in self._events.values():
            outcome = self._outcome(event)
            if outcome is not None:
                found = next((before["id"] for before in self._before(event) if before["id"] in calls), None)
                if found is None:
                    raise MockError(f"{self._place(event)} tells of a call that was not scheduled before it")
                calls[found].add(outcome)
        return list(calls.values())

    def _before(self, event: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Yield the events that led to this one, the nearest first."""
        while (before := self._events.get(event.get("previousEventId", 0))) is not None:
            event = before
            yield event

    def _call(self, event: dict[str, Any]) -> RecordedCall:
        attempt = 0
        for before in self._before(event):
            if before["type"] == "TaskStateEntered":
                name = details_of(before)["name"]
                asked = self._payload(event, "parameters", "input")
                return RecordedCall(name, asked, attempt, self._place(event))
            attempt += before["type"] in _SCHEDULED
        raise MockError(f"{self._place(event)} has no TaskStateEntered before it")

    def _outcome(self, event: dict[str, Any]) -> Outcome | None:
        kind = event["type"]
        if kind in _SUCCEEDED:
            return Succeeded(self._payload(event, "output"))
        if kind == "TaskSubmitted":
            return Submitted(self._payload(event, "output"))
        if kind in _FAILED:
            details = details_of(event)
            return Failed(details.get("error"), details.get("cause"))
        return Started(details_of(event).get("workerName")) if kind == "ActivityStarted" else None

    def _payload(self, event: dict[str, Any], *names: str) -> Any:
        details = details_of(event)
        for name in names:
            if details.get(f"{name}Details", {}).get("truncated"):
                place = self._place(event)
                raise MockError(f"{place} has its {quoted(name)} cut short, so it cannot be replayed")
            if name in details:
                return self._loads(details[name], name, event)
        hint = "download it with --include-execution-data"
        raise MockError(f"{self._place(event)} has no {quoted(names[-1])}. {hint}")

    def _loads(self, text: str, name: str, event: dict[str, Any]) -> Any:
        try:
            return loads(text)
        except ValueError as problem:
            raise MockError(f"{quoted(name)} of {self._place(event)} is not JSON: {problem}") from problem

    def _place(self, event: dict[str, Any]) -> str:
        return f"event {event['id']} of {self._path}"
