"""express-unsupported-activity: an Express state machine has an activity task.

Why: only Standard state machines can use activities.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:ask",
        "TimeoutSeconds": 60, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "TimeoutSeconds": 60, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, Express state machine does not support Activity ARN at
/States/A/Resource.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["express_unsupported_activity"]


@rule("express-unsupported-activity", aws_code="SCHEMA_VALIDATION_FAILED")
def express_unsupported_activity(scope: Scope) -> Iterator[Finding]:
    for task in scope.tasks:
        if scope.machine_type == "EXPRESS" and task.resource.is_activity:
            yield Finding((*task.pointer, "Resource"), "an Express state machine cannot use activities")
