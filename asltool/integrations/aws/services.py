"""The optimized integrations: one row per service, with its special cases.

Any other action is the API's operation of that name, called without changes.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the pages it lists
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.engine.effects import CallTask
from asltool.expr.values import loads
from asltool.integrations.aws.action import AwsAction, AwsService, plain, with_metadata
from asltool.integrations.aws.contracts import Contract, MakeRequest, by_state
from asltool.integrations.aws.ecs import ECS
from asltool.integrations.aws.emr import ELASTICMAPREDUCE
from asltool.integrations.aws.events import EVENTS
from asltool.integrations.aws.lambda_functions import LAMBDA
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.states import STATES
from asltool.integrations.aws.words import SdkWords, optimized

__all__ = ["SERVICES"]


def _told(*fields: str) -> MakeRequest:
    """A job is identified by these fields of the response that started it."""
    return lambda task, started: {field: started[field] for field in fields}


def _asked(*fields: str) -> MakeRequest:
    """A job is identified by these fields of the request."""
    return lambda task, started: {field: task[field] for field in fields}


def _marked(call: CallTask) -> Any:
    """A Batch job of a ``.sync`` task gets a marker in its environment."""
    if not call.resource.endswith(".sync"):
        return call.input
    mark = {"Name": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}
    overrides = call.input.get("ContainerOverrides") or {}
    environment = [*(overrides.get("Environment") or []), mark]
    return {**call.input, "ContainerOverrides": {**overrides, "Environment": environment}}


def _named(reply: ServiceReply, call: CallTask) -> Any:
    """Glue's response has only the run's ID."""
    return {**with_metadata(reply, call), "JobName": call.input["JobName"]}


def _model_answer(reply: ServiceReply, call: CallTask) -> Any:
    """A model's response is JSON instead of its text."""
    return {**reply.answer, "Body": loads(reply.answer["Body"])}


def _job(
    request: MakeRequest,
    place: str,
    well: str,
    badly: str,
    *,
    receive: Callable[[ServiceReply, CallTask], Any] = with_metadata,
    send: Callable[[CallTask], Any] = lambda call: call.input,
    **contract: Any,
) -> AwsAction:
    """A job whose end is decided by the field at this place; see `by_state`."""
    ended = by_state(place, well, badly)
    return AwsAction(send=send, receive=receive, sync=Contract(request=request, ended=ended, **contract))


def _build(kind: str, kinds: str) -> AwsAction:
    """A build, or a batch of builds, of CodeBuild."""
    return _job(
        lambda task, started: {"Ids": [started[kind]["Id"]]},
        f"{kind}.{kind}Status",
        "SUCCEEDED",
        "FAILED FAULT STOPPED TIMED_OUT",
        job=lambda answer: {kind: answer[kinds][0]},
        stop=f"Stop{kind}",
        stop_request=lambda task, started: {"Id": started[kind]["Id"]},
    )


def _sagemaker(kind: str) -> AwsAction:
    """A SageMaker job is identified by its name."""
    request = _asked(f"{kind}Name")
    return _job(request, f"{kind}Status", "Completed", "Failed Stopped", stop=f"Stop{kind}")


def _created(kind: str, *key: str) -> AwsAction:
    """An EKS resource that should exist."""
    return _job(_asked(*key), f"{kind}.Status", "ACTIVE", "CREATE_FAILED FAILED")


def _deleted(kind: str, *key: str) -> AwsAction:
    """An EKS resource that should be deleted."""
    return _job(_asked(*key), f"{kind}.Status", "", "DELETE_FAILED", gone=True)


_RUN_STATE = "JobRun.State"
_APPLICATION_STATE = "Application.State"

_OPTIMIZED: dict[str, dict[str, AwsAction]] = {
    "athena": {
        "startQueryExecution": _job(
            _told("QueryExecutionId"),
            "QueryExecution.Status.State",
            "SUCCEEDED",
            "CANCELLED FAILED",
            stop="StopQueryExecution",
        )
    },
    "batch": {
        "submitJob": _job(
            lambda task, started: {"Jobs": [started["JobId"]]},
            "Status",
            "SUCCEEDED",
            "FAILED",
            send=_marked,
            job=lambda answer: answer["Jobs"][0],
            stop="TerminateJob",
            stop_request=lambda task, started: {"JobId": started["JobId"], "Reason": "Aborted"},
        )
    },
    "codebuild": {
        "retryBuildBatch": _build("BuildBatch", "BuildBatches"),
        "startBuild": _build("Build", "Builds"),
        "startBuildBatch": _build("BuildBatch", "BuildBatches"),
    },
    "databrew": {
        "startJobRun": _job(
            lambda task, started: {"Name": task["Name"], "RunId": started["RunId"]},
            "State",
            "SUCCEEDED",
            "FAILED STOPPED TIMEOUT",
            stop="StopJobRun",
        )
    },
    "dynamodb": {},
    "eks": {
        "createCluster": _created("Cluster", "Name"),
        "createFargateProfile": _created("FargateProfile", "ClusterName", "FargateProfileName"),
        "createNodegroup": _created("Nodegroup", "ClusterName", "NodegroupName"),
        "deleteCluster": _deleted("Cluster", "Name"),
        "deleteFargateProfile": _deleted("FargateProfile", "ClusterName", "FargateProfileName"),
        "deleteNodegroup": _deleted("Nodegroup", "ClusterName", "NodegroupName"),
    },
    "emr-containers": {
        "deleteVirtualCluster": _job(_told("Id"), "VirtualCluster.State", "TERMINATED", "ARRESTED"),
        "startJobRun": _job(
            _told("Id", "VirtualClusterId"), _RUN_STATE, "COMPLETED", "CANCELLED FAILED", stop="CancelJobRun"
        ),
    },
    "emr-serverless": {
        "cancelJobRun": _job(_told("ApplicationId", "JobRunId"), _RUN_STATE, "CANCELLED", "FAILED SUCCESS"),
        "createApplication": _job(_told("ApplicationId"), _APPLICATION_STATE, "CREATED", "TERMINATED"),
        "deleteApplication": _job(_asked("ApplicationId"), _APPLICATION_STATE, "TERMINATED", ""),
        "startApplication": _job(_asked("ApplicationId"), _APPLICATION_STATE, "STARTED", "TERMINATED"),
        "startJobRun": _job(
            _told("ApplicationId", "JobRunId"), _RUN_STATE, "SUCCESS", "CANCELLED FAILED", stop="CancelJobRun"
        ),
        "stopApplication": _job(_asked("ApplicationId"), _APPLICATION_STATE, "STOPPED", "TERMINATED"),
    },
    "glue": {
        "startJobRun": _job(
            lambda task, started: {"JobName": started["JobName"], "RunId": started["JobRunId"]},
            "JobRunState",
            "SUCCEEDED",
            "ERROR EXPIRED FAILED STOPPED TIMEOUT",
            receive=_named,
            job=lambda answer: answer["JobRun"],
            stop="BatchStopJobRun",
            stop_request=lambda task, started: {
                "JobName": started["JobName"],
                "JobRunIds": [started["JobRunId"]],
            },
        )
    },
    "sagemaker": {
        f"create{kind}Job": _sagemaker(f"{kind}Job")
        for kind in ("HyperParameterTuning", "Labeling", "Processing", "Training", "Transform")
    },
    "sns": {},
    "sqs": {},
}
"""Services whose responses are in the form of the AWS SDK for Java 1."""

SERVICES = {
    **{name: AwsService(name, optimized(name), actions) for name, actions in _OPTIMIZED.items()},
    "bedrock": AwsService(
        "bedrock",
        SdkWords("Bedrock"),
        {
            "createModelCustomizationJob": _job(
                lambda task, started: {"JobIdentifier": started["JobArn"]},
                "Status",
                "Completed",
                "Failed Stopped",
                receive=plain,
                stop="StopModelCustomizationJob",
            ),
            "invokeModel": AwsAction(client="bedrock-runtime", receive=_model_answer),
        },
    ),
    "ecs": ECS,
    "elasticmapreduce": ELASTICMAPREDUCE,
    "events": EVENTS,
    "lambda": LAMBDA,
    "mediaconvert": AwsService(
        "mediaconvert",
        SdkWords("MediaConvert"),
        {
            "createJob": _job(
                lambda task, started: {"Id": started["Job"]["Id"]},
                "Job.Status",
                "COMPLETE",
                "CANCELED ERROR",
                receive=plain,
                stop="CancelJob",
            )
        },
    ),
    "states": STATES,
}
