"""heartbeat-not-below-timeout: ``HeartbeatSeconds`` is not less than ``TimeoutSeconds``.

Why: the task would time out before it could miss its first heartbeat.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "TimeoutSeconds": 10, "HeartbeatSeconds": 10, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "TimeoutSeconds": 60, "HeartbeatSeconds": 10, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["heartbeat_not_below_timeout"]


@rule("heartbeat-not-below-timeout", aws_code="SCHEMA_VALIDATION_FAILED")
def heartbeat_not_below_timeout(scope: Scope) -> Iterator[Finding]:
    for task in scope.tasks:
        timeout, heartbeat = task.timeout_seconds, task.heartbeat_seconds
        if isinstance(timeout, int) and isinstance(heartbeat, int) and heartbeat >= timeout:
            message = f'"HeartbeatSeconds" must be less than "TimeoutSeconds", which is {timeout}'
            yield Finding((*task.pointer, "HeartbeatSeconds"), message)
