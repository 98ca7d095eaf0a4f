"""What a Task's Resource means for the history: which events tell of its work, with which details.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-resource-names.html and
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.syntax.arn import parse_arn, split_arn

if TYPE_CHECKING:
    from asltool.engine.steps import Schedule

__all__ = ["Event", "Resource", "parse_resource"]

_PARTITION = re.compile(r"aws[\w-]*|[$#]\{[^}]*\}")

Event = tuple[Any, ...]
"""(event type, *what its details are made of): the arguments of `Frame.record`"""


@dataclass(frozen=True, slots=True)
class Resource:
    """A Resource, taken apart.

    ``events`` is the prefix of its history events: ``Task`` for service integrations, ``Activity``, and
    ``LambdaFunction`` for everything else. ``service`` and ``action`` are empty but for integrations, where
    ``action`` keeps its pattern (``startJobRun.sync``).
    """

    arn: str
    events: str
    service: str = ""
    action: str = ""

    @property
    def pattern(self) -> str:
        """``sync``, ``sync:2``, ``waitForTaskToken``, or empty for request and response."""
        return self.action.partition(".")[2]

    @property
    def starts_at_once(self) -> bool:
        """Whether the work starts when it is scheduled; an activity's starts when a worker takes it."""
        return self.events != "Activity"

    def scheduled(self, work: Schedule, region: str) -> Event:
        limits = (work.timeout_seconds, work.heartbeat_seconds)
        if self.events == "Task":
            return "TaskScheduled", self.service, self.action, region, work.input, *limits, work.credentials
        if self.events == "Activity":
            return "ActivityScheduled", self.arn, work.input, *limits
        return "LambdaFunctionScheduled", self.arn, work.input, work.timeout_seconds, work.credentials

    def told(self, what: str, *details: Any) -> Event:
        """Return an event of this kind of work: Started, Submitted, Succeeded, Failed or TimedOut."""
        names = (self.service, self.action) if self.events == "Task" else ()
        return self.events + what, *names, *details


def parse_resource(arn: str) -> Resource:
    """Take a Resource apart; a name that is no ARN stands for a Lambda function."""
    parsed = parse_arn(arn)
    if parsed is None or parsed.service != "states" or not _PARTITION.fullmatch(parsed.partition):
        return Resource(arn, "LambdaFunction")
    *service, action = split_arn(parsed.resource, 2 if parsed.resource.startswith("aws-sdk:") else 1)
    if not (service and all(service) and action) or ":" in action.partition(".")[0]:
        return Resource(arn, "LambdaFunction")
    if service == ["activity"]:
        return Resource(arn, "Activity")
    return Resource(arn, "Task", ":".join(service), action)
