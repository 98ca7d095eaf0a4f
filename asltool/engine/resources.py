"""What a Task's Resource means for the history: which events tell of its work, with which details.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.steps import Schedule
from asltool.syntax.resource import Resource

__all__ = ["Event", "scheduled", "work_event"]

Event = tuple[Any, ...]
"""(event type, *what its details are made of): the arguments of `Frame.record`"""


def scheduled(resource: Resource, work: Schedule, region: str) -> Event:
    """Return the event with which work on a Resource is scheduled."""
    limits = (work.timeout_seconds, work.heartbeat_seconds)
    if resource.events == "Task":
        return (
            "TaskScheduled",
            resource.service,
            resource.action,
            region,
            work.input,
            *limits,
            work.credentials,
        )
    if resource.events == "Activity":
        return "ActivityScheduled", str(resource), work.input, *limits
    return "LambdaFunctionScheduled", str(resource), work.input, work.timeout_seconds, work.credentials


def work_event(resource: Resource, what: str, *details: Any) -> Event:
    """Return an event of the work on a Resource: Started, Submitted, Succeeded, Failed or TimedOut."""
    names = (resource.service, resource.action) if resource.events == "Task" else ()
    return resource.events + what, *names, *details
