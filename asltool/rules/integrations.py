"""What the Resource of a Task names: a service's action and the way to wait for it, or an activity.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the pages it lists,
as of September 2025
"""

from __future__ import annotations

import re
from typing import Any

from asltool.rules.sdk_names import misspelt_sdk_name
from asltool.syntax.arn import parse_arn
from asltool.syntax.document import has_placeholder
from asltool.syntax.model import Task
from asltool.syntax.wording import expected, near, quoted

__all__ = ["REQUIRED", "integration", "is_activity", "request", "unknown_integration", "waits_for_token"]

_Waits = tuple[str, ...]
_SYNC: _Waits = (".sync",)
_TOKEN: _Waits = (".waitForTaskToken",)

_ACTIONS: dict[str, dict[str, _Waits]] = {
    "apigateway": {"invoke": _TOKEN},
    "athena": {
        "getQueryExecution": (),
        "getQueryResults": (),
        "startQueryExecution": _SYNC,
        "stopQueryExecution": (),
    },
    "batch": {"submitJob": _SYNC},
    "bedrock": {"createModelCustomizationJob": _SYNC, "invokeModel": _TOKEN},
    "codebuild": {
        "batchDeleteBuilds": (),
        "batchGetReports": (),
        "startBuild": _SYNC,
        "startBuildBatch": _SYNC,
        "stopBuild": (),
        "stopBuildBatch": (),
        "deleteBuildBatch": (),
        "retryBuildBatch": _SYNC,
    },
    "databrew": {"startJobRun": _SYNC},
    "dynamodb": {"deleteItem": (), "getItem": (), "putItem": (), "updateItem": ()},
    "ecs": {"runTask": _SYNC + _TOKEN},
    "eks": {
        "call": _TOKEN,
        "createCluster": _SYNC,
        "createFargateProfile": _SYNC,
        "createNodegroup": _SYNC,
        "deleteCluster": _SYNC,
        "deleteFargateProfile": _SYNC,
        "deleteNodegroup": _SYNC,
        "runJob": _SYNC + _TOKEN,
    },
    "elasticmapreduce": {
        "addStep": _SYNC,
        "cancelStep": (),
        "createCluster": _SYNC,
        "modifyInstanceFleetByName": (),
        "modifyInstanceGroupByName": (),
        "setClusterTerminationProtection": (),
        "terminateCluster": _SYNC,
    },
    "emr-containers": {
        "createVirtualCluster": (),
        "deleteVirtualCluster": _SYNC,
        "startJobRun": _SYNC,
    },
    "emr-serverless": {
        "cancelJobRun": _SYNC,
        "createApplication": _SYNC,
        "deleteApplication": _SYNC,
        "startApplication": _SYNC,
        "startJobRun": _SYNC,
        "stopApplication": _SYNC,
    },
    "events": {"putEvents": _TOKEN},
    "glue": {"startJobRun": _SYNC},
    "http": {"invoke": ()},
    "lambda": {"invoke": _TOKEN},
    "mediaconvert": {"createJob": _SYNC},
    "sagemaker": {
        "createEndpoint": (),
        "createEndpointConfig": (),
        "createHyperParameterTuningJob": _SYNC,
        "createLabelingJob": _SYNC,
        "createModel": (),
        "createProcessingJob": _SYNC,
        "createTrainingJob": _SYNC,
        "createTransformJob": _SYNC,
        "updateEndpoint": (),
    },
    "sns": {"publish": _TOKEN},
    "sqs": {"sendMessage": _TOKEN},
    "states": {"startExecution": (".sync", ".sync:2", ".waitForTaskToken")},
}
"""The optimized integrations: services, actions, and what may follow an action to wait for it."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "athena:getQueryExecution": ("QueryExecutionId",),
    "athena:getQueryResults": ("QueryExecutionId",),
    "athena:startQueryExecution": ("QueryString",),
    "athena:stopQueryExecution": ("QueryExecutionId",),
    "batch:submitJob": ("JobName", "JobQueue", "JobDefinition"),
    "codebuild:startBuild": ("ProjectName",),
    "databrew:startJobRun": ("Name",),
    "dynamodb:deleteItem": ("TableName", "Key"),
    "dynamodb:getItem": ("TableName", "Key"),
    "dynamodb:putItem": ("TableName", "Item"),
    "dynamodb:updateItem": ("TableName", "Key"),
    "ecs:runTask": ("TaskDefinition",),
    "events:putEvents": ("Entries",),
    "glue:startJobRun": ("JobName",),
    "http:invoke": ("ApiEndpoint", "Method"),
    "lambda:invoke": ("FunctionName",),
    "sns:publish": ("Message",),
    "sqs:sendMessage": ("QueueUrl", "MessageBody"),
    "states:startExecution": ("StateMachineArn",),
}
"""The parameters without which a call is refused, by service and action."""

_RESOURCE = re.compile(r"arn:[^:]+:states:::(?P<call>[\w-]+(?::[\w-]+){0,2})(?P<waits>\.[\w.:]+)?")
_SDK_ACTION = re.compile(r"[\w-]+:\w+")


def integration(resource: str) -> tuple[str, str] | None:
    """Return service and action, and how it is waited for: ``("sqs:sendMessage", ".waitForTaskToken")``.

    The action may be left out, and the second is empty for a plain request. None for what is no integration,
    or is not known before placeholders are filled in.
    """
    found = _RESOURCE.fullmatch(_without_partition(resource))
    return (found["call"], found["waits"] or "") if found else None


def request(task: Task) -> tuple[str, Any]:
    """Return the name of the field with a task's arguments in its query language, and its value."""
    if task.query_language == "JSONata":
        return "Arguments", task.arguments
    return "Parameters", task.parameters


def is_activity(resource: str) -> bool:
    """Return whether a Resource is the ARN of an activity."""
    arn = parse_arn(resource)
    return arn is not None and arn.service == "states" and arn.resource.startswith("activity:")


def waits_for_token(resource: str) -> bool:
    """Return whether a task with this Resource ends with a callback."""
    return resource.endswith(_TOKEN)


def unknown_integration(resource: str) -> str | None:
    """Return what is wrong with a Resource that names an integration; None if nothing is."""
    call = integration(resource)
    if call is None:
        return None
    service, _, action = call[0].partition(":")
    if problem := _unknown_action(service, action):
        return problem
    allowed = _TOKEN if service == "aws-sdk" else _ACTIONS[service][action]
    if call[1] and call[1] not in allowed:
        hint = expected(call[1], allowed) if allowed else "leave it out"
        return f"{quoted(call[0])} cannot be followed by {quoted(call[1])}. {hint}"
    return None


def _unknown_action(service: str, action: str) -> str | None:
    if service == "aws-sdk":
        return _unknown_sdk_action(action)
    if service not in _ACTIONS:
        return f"there is no integration {quoted(service)}. {expected(service, [*_ACTIONS, 'aws-sdk'])}"
    if not action:
        return f"the integration {quoted(service)} needs an action. {expected('', _ACTIONS[service])}"
    if action in _ACTIONS[service]:
        return None
    meant = near(action, _ACTIONS[service])
    hint = f"did you mean {quoted(meant)}?" if meant else f"use {quoted(f'aws-sdk:{service}:{action}')}"
    return f"the integration {quoted(service)} has no {quoted(action)}. {hint}"


def _unknown_sdk_action(call: str) -> str | None:
    if not _SDK_ACTION.fullmatch(call):
        return '"aws-sdk" needs a service and an action, such as "aws-sdk:s3:getObject"'
    service, _, action = call.partition(":")
    if problem := misspelt_sdk_name(service, action):
        return problem
    if not action[0].islower():
        return f"the action {quoted(action)} must begin with a small letter, as in {quoted('getObject')}"
    return None


def _without_partition(resource: str) -> str:
    """Fill in the placeholders of partition, region and account, which say nothing about the rest."""
    return re.sub(r"[$#]\{AWS::\w+\}", "x", resource) if has_placeholder(resource) else resource
