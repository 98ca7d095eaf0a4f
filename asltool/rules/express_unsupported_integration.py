"""express-unsupported-integration: an Express state machine waits for a job or a callback.

Why: only Standard state machines can use ``.sync`` and ``.waitForTaskToken``.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": "q", "MessageBody.$": "$$.Task.Token"},
        "TimeoutSeconds": 60, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": "q", "MessageBody.$": "$.text"}, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, Express state machine does not support '.waitForTaskToken' service
integration at /States/A/Resource.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["express_unsupported_integration"]


@rule("express-unsupported-integration", aws_code="SCHEMA_VALIDATION_FAILED")
def express_unsupported_integration(scope: Scope) -> Iterator[Finding]:
    for task in scope.tasks:
        pattern = task.resource.pattern if task.resource.call else ""
        if pattern and scope.machine_type == "EXPRESS":
            message = f"an Express state machine cannot use {quoted(f'.{pattern}')}"
            yield Finding((*task.pointer, "Resource"), message)
