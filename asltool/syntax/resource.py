"""A Task's Resource, parsed once.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-amazon-resource-names.html
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from asltool.syntax.arn import Arn, name_in_arn, parse_arn, split_arn

__all__ = ["EventTypes", "Resource"]

EventTypes: TypeAlias = Literal["Task", "Activity", "LambdaFunction"]

_PARTITION = re.compile(r"aws[\w-]*|[$#]\{[^}]*\}")
_CALL = re.compile(r"(?P<call>[\w-]+(?::[\w-]+){0,2})(?:\.[\w.:]+)?")


class Resource(str):
    """The text of a Resource, with its parts.

    ``events`` is the prefix of its history events: ``Task`` for service integrations, ``Activity``, and
    ``LambdaFunction`` for everything else; text that is not an ARN names a Lambda function. ``service`` and
    ``action`` are set only for integrations: ``glue`` or ``aws-sdk:s3``, and ``startJobRun.sync``, the action
    with its pattern. ``name`` is the action alone; ``pattern`` is ``sync``, ``sync:2``, ``waitForTaskToken``,
    or empty for request and response. ``arn`` is None for text that is not one. ``function`` is the short
    name of a Lambda function or an activity that is named by its ARN; for anything else it is the text
    itself. ``call`` is ``glue:startJobRun``, or only a part of it if the rest is missing; it is empty if the
    Resource is not an integration, or if a placeholder hides service or action.
    """

    arn: Arn | None
    events: EventTypes
    service: str
    action: str
    name: str
    pattern: str
    is_activity: bool
    function: str
    call: str

    def __new__(cls, text: str) -> Resource:
        resource = super().__new__(cls, text)
        resource.arn = parse_arn(text)
        resource.events, resource.service, resource.action = _called(resource.arn)
        resource.name, _, resource.pattern = resource.action.partition(".")
        resource.is_activity = resource.events == "Activity"
        resource.function = (name_in_arn(resource.arn) or (text,))[0]
        resource.call = _integration(resource.arn)
        return resource

    @property
    def waits_for_token(self) -> bool:
        """Whether a task with this Resource ends with a callback."""
        return self.endswith(".waitForTaskToken")


def _integration(arn: Arn | None) -> str:
    if arn is None or arn.service != "states" or arn.region or arn.account:
        return ""
    found = _CALL.fullmatch(arn.resource)
    return found["call"] if found else ""


def _called(arn: Arn | None) -> tuple[EventTypes, str, str]:
    if arn is None or arn.service != "states" or not _PARTITION.fullmatch(arn.partition):
        return "LambdaFunction", "", ""
    *service, action = split_arn(arn.resource, 2 if arn.resource.startswith("aws-sdk:") else 1)
    if not (service and all(service) and action) or ":" in action.partition(".")[0]:
        return "LambdaFunction", "", ""
    if service == ["activity"]:
        return "Activity", "", ""
    return "Task", ":".join(service), action
