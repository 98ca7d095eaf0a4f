"""service-integration-unknown: a ``Resource`` names an action that Step Functions does not call in this way.

Why: besides ``aws-sdk``, which reaches every service, there are optimized integrations: a list of actions,
some of which can wait with ``.sync`` or ``.waitForTaskToken``.

The names of ``aws-sdk:service:action`` are checked against the AWS SDK. A service is in lower case, and an
action begins with a lower-case letter. Some services have another name than in the AWS CLI: ``sfn``,
``cloudwatchlogs``, ``cognitoidentityprovider``. A name is reported when it is close to a known one; other
names may be newer than asltool's table.

Wrong::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::dynamodb:query",
        "TimeoutSeconds": 60, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:query",
        "TimeoutSeconds": 60, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, The resource provided arn:aws:states:::dynamodb:query is not
recognized. The value is not a valid resource ARN, or the resource is not available in this region. at
/States/A/Resource.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.integrations import unknown_integration
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["service_integration_unknown"]


@rule("service-integration-unknown", aws_code="SCHEMA_VALIDATION_FAILED")
def service_integration_unknown(scope: Scope) -> Iterator[Finding]:
    for task in scope.tasks:
        if problem := unknown_integration(task.resource):
            yield Finding((*task.pointer, "Resource"), problem)
