"""task-without-timeout: a task that waits for a worker or a callback has no timeout.

Why: without an answer it waits for up to a year. A timeout of the whole state machine is enough.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:ask",
        "Comment": "ask", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:ask",
        "TimeoutSeconds": 3600, "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["task_without_timeout"]

_TIMEOUTS = {"HeartbeatSeconds", "HeartbeatSecondsPath", "TimeoutSeconds", "TimeoutSecondsPath"}


@rule("task-without-timeout", severity="warning")
def task_without_timeout(scope: Scope) -> Iterator[Finding]:
    if scope.definition.timeout_seconds is not None:
        return
    for task in scope.tasks:
        waits = task.resource.is_activity or task.resource.waits_for_token
        if waits and not _TIMEOUTS & scope.value(task.pointer).keys():
            message = f'Task state {quoted(task.name)} may wait for up to a year. add "TimeoutSeconds"'
            yield Finding(task.pointer, message, key=True)
