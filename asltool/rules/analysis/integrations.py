"""The Resource of a Task: a service's action with its integration pattern, or an activity.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the pages it lists,
as of September 2025
"""

from __future__ import annotations

import re
from typing import Any

from asltool.rules.analysis.sdk_names import misspelt_sdk_name
from asltool.syntax.integrations import INTEGRATIONS, TOKEN
from asltool.syntax.model import Task
from asltool.syntax.resource import Resource
from asltool.syntax.wording import expected, near, quoted

__all__ = ["request", "unknown_integration"]

_SDK_ACTION = re.compile(r"[\w-]+:\w+")


def request(task: Task) -> tuple[str, Any]:
    """Return the name and the value of the field that holds a task's arguments in its query language."""
    if task.query_language == "JSONata":
        return "Arguments", task.arguments
    return "Parameters", task.parameters


def unknown_integration(resource: Resource) -> str | None:
    """Return the problem with a Resource that names an integration; None if there is none."""
    if not resource.call:
        return None
    service, _, action = resource.call.partition(":")
    if problem := _unknown_action(service, action):
        return problem
    allowed = TOKEN if service == "aws-sdk" else INTEGRATIONS[service].actions[action].patterns
    pattern = resource.pattern
    if pattern and pattern not in allowed:
        choices = [f".{each}" for each in allowed]
        hint = expected(f".{pattern}", choices) if choices else "leave it out"
        return f"{quoted(resource.call)} cannot be followed by {quoted(f'.{pattern}')}. {hint}"
    return None


def _unknown_action(service: str, action: str) -> str | None:
    if service == "aws-sdk":
        return _unknown_sdk_action(action)
    if service not in INTEGRATIONS:
        return f"there is no integration {quoted(service)}. {expected(service, [*INTEGRATIONS, 'aws-sdk'])}"
    actions = INTEGRATIONS[service].actions
    if not action:
        return f"the integration {quoted(service)} needs an action. {expected('', actions)}"
    if action in actions:
        return None
    meant = near(action, actions)
    hint = f"did you mean {quoted(meant)}?" if meant else f"use {quoted(f'aws-sdk:{service}:{action}')}"
    return f"the integration {quoted(service)} has no {quoted(action)}. {hint}"


def _unknown_sdk_action(call: str) -> str | None:
    if not _SDK_ACTION.fullmatch(call):
        return '"aws-sdk" needs a service and an action, such as "aws-sdk:s3:getObject"'
    service, _, action = call.partition(":")
    if problem := misspelt_sdk_name(service, action):
        return problem
    if not action[0].islower():
        return f"the action {quoted(action)} must begin with a lower-case letter, as in {quoted('getObject')}"
    return None
