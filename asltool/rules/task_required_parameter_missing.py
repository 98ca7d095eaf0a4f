"""task-required-parameter-missing: a service is called without a parameter that it needs.

Why: the service refuses the request.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"Payload.$": "$"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "f", "Payload.$": "$"}, "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.integrations import request
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.integrations import INTEGRATIONS
from asltool.syntax.wording import quoted

__all__ = ["task_required_parameter_missing"]


@rule("task-required-parameter-missing", severity="warning")
def task_required_parameter_missing(scope: Scope) -> Iterator[Finding]:
    for task in scope.tasks:
        service, _, action = task.resource.call.partition(":")
        integration = INTEGRATIONS.get(service)
        if integration is None or action not in integration.actions:
            continue
        field, given = request(task)
        if isinstance(given, dict):
            names = {key.removesuffix(".$") for key in given}
            for name in integration.actions[action].required:
                if name not in names:
                    message = f"{quoted(task.resource.call)} needs {quoted(name)}"
                    yield Finding((*task.pointer, field), message, key=True)
