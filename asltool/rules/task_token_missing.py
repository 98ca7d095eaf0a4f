"""task-token-missing: a task waits for a callback, but its arguments do not contain the task token.

Why: nothing can send the token, so the task ends only when it times out. The token is ``$$.Task.Token``, in
JSONata ``$states.context.Task.Token``.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "TimeoutSeconds": 60,
        "Parameters": {"QueueUrl": "q", "MessageBody": "pay"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "TimeoutSeconds": 60,
        "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"}, "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from asltool.rules.analysis.fields import strings
from asltool.rules.analysis.integrations import request
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import ABSENT
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.wording import quoted

__all__ = ["task_token_missing"]

_TOKEN = re.compile(r"\$\$(?!\.)|\$\$\.Task(?!\w|\.(?!Token\b))|\$states\.context|\$states(?!\w|\.)")


@rule("task-token-missing", severity="warning")
def task_token_missing(scope: Scope) -> Iterator[Finding]:
    for task in scope.tasks:
        field, arguments = request(task)
        if task.resource.waits_for_token and arguments is not ABSENT and not _may_hold_token(arguments):
            token = "$states.context.Task.Token" if field == "Arguments" else "$$.Task.Token"
            message = f"nothing can call back: {quoted(field)} does not contain {quoted(token)}"
            yield Finding((*task.pointer, field), message, key=True)


def _may_hold_token(arguments: Any) -> bool:
    """Return whether a text reads the token, its parent objects, or is a placeholder."""
    return any(_TOKEN.search(text) or has_placeholder(text) for _, text in strings(arguments, ()))
