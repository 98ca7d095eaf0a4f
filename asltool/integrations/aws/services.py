"""The optimized integrations: one row a service, with what is peculiar to it.

An action that a row does not name is the API's operation of that name, called as it stands.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the pages it lists
"""

from __future__ import annotations

from typing import Any

from asltool.engine.effects import CallTask
from asltool.expr.values import loads
from asltool.integrations.aws.action import Action, Service, plain, with_metadata
from asltool.integrations.aws.contracts import Contract, Request, by_state
from asltool.integrations.aws.ecs import ECS
from asltool.integrations.aws.emr import ELASTICMAPREDUCE
from asltool.integrations.aws.events import EVENTS
from asltool.integrations.aws.functions import LAMBDA
from asltool.integrations.aws.sdk import Reply
from asltool.integrations.aws.states import STATES
from asltool.integrations.aws.words import SdkWords, optimized

__all__ = ["SERVICES"]


def _told(*fields: str) -> Request:
    """A job is known by these fields of what the service answered when it began."""
    return lambda asked, told: {field: told[field] for field in fields}


def _asked(*fields: str) -> Request:
    """A job is known by these fields of what was asked for."""
    return lambda asked, told: {field: asked[field] for field in fields}


def _marked(call: CallTask) -> Any:
    """A Batch job that is waited for is told so by its environment."""
    if not call.resource.endswith(".sync"):
        return call.input
    mark = {"Name": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"}
    overrides = call.input.get("ContainerOverrides") or {}
    environment = [*(overrides.get("Environment") or []), mark]
    return {**call.input, "ContainerOverrides": {**overrides, "Environment": environment}}


def _named(reply: Reply, call: CallTask) -> Any:
    """Glue's own answer has the run's id alone."""
    return {**with_metadata(reply, call), "JobName": call.input["JobName"]}


def _model_answer(reply: Reply, call: CallTask) -> Any:
    """What a model answers is JSON, and not its text."""
    return {**reply.answer, "Body": loads(reply.answer["Body"])}


def _build(kind: str, kinds: str) -> Action:
    """A build, or a batch of builds, of CodeBuild."""
    return Action(
        sync=Contract(
            request=lambda asked, told: {"Ids": [told[kind]["Id"]]},
            job=lambda answer: {kind: answer[kinds][0]},
            ended=by_state(f"{kind}.{kind}Status", "SUCCEEDED", "FAILED FAULT STOPPED TIMED_OUT"),
            stop=f"Stop{kind}",
            stop_request=lambda asked, told: {"Id": told[kind]["Id"]},
        )
    )


def _sagemaker(kind: str) -> Action:
    """A job of SageMaker is known by the name that it was given."""
    return Action(
        sync=Contract(
            request=_asked(f"{kind}Name"),
            ended=by_state(f"{kind}Status", "Completed", "Failed Stopped"),
            stop=f"Stop{kind}",
        )
    )


def _created(kind: str, *key: str) -> Action:
    """A part of EKS that is to be there."""
    ended = by_state(f"{kind}.Status", "ACTIVE", "CREATE_FAILED FAILED")
    return Action(sync=Contract(request=_asked(*key), ended=ended))


def _deleted(kind: str, *key: str) -> Action:
    """A part of EKS that is to be gone."""
    ended = by_state(f"{kind}.Status", "", "DELETE_FAILED")
    return Action(sync=Contract(request=_asked(*key), ended=ended, gone=True))


def _application(well: str, badly: str, request: Request) -> Action:
    """An application of EMR Serverless that is on its way to a state."""
    return Action(sync=Contract(request=request, ended=by_state("Application.State", well, badly)))


SERVICES = {
    "athena": Service(
        "athena",
        optimized("athena"),
        {
            "startQueryExecution": Action(
                sync=Contract(
                    request=_told("QueryExecutionId"),
                    ended=by_state("QueryExecution.Status.State", "SUCCEEDED", "CANCELLED FAILED"),
                    stop="StopQueryExecution",
                )
            )
        },
    ),
    "batch": Service(
        "batch",
        optimized("batch"),
        {
            "submitJob": Action(
                send=_marked,
                sync=Contract(
                    request=lambda asked, told: {"Jobs": [told["JobId"]]},
                    job=lambda answer: answer["Jobs"][0],
                    ended=by_state("Status", "SUCCEEDED", "FAILED"),
                    stop="TerminateJob",
                    stop_request=lambda asked, told: {"JobId": told["JobId"], "Reason": "Aborted"},
                ),
            )
        },
    ),
    "bedrock": Service(
        "bedrock",
        SdkWords("Bedrock"),
        {
            "createModelCustomizationJob": Action(
                receive=plain,
                sync=Contract(
                    request=lambda asked, told: {"JobIdentifier": told["JobArn"]},
                    ended=by_state("Status", "Completed", "Failed Stopped"),
                    stop="StopModelCustomizationJob",
                ),
            ),
            "invokeModel": Action(client="bedrock-runtime", receive=_model_answer),
        },
    ),
    "codebuild": Service(
        "codebuild",
        optimized("codebuild"),
        {
            "retryBuildBatch": _build("BuildBatch", "BuildBatches"),
            "startBuild": _build("Build", "Builds"),
            "startBuildBatch": _build("BuildBatch", "BuildBatches"),
        },
    ),
    "databrew": Service(
        "databrew",
        optimized("databrew"),
        {
            "startJobRun": Action(
                sync=Contract(
                    request=lambda asked, told: {"Name": asked["Name"], "RunId": told["RunId"]},
                    ended=by_state("State", "SUCCEEDED", "FAILED STOPPED TIMEOUT"),
                    stop="StopJobRun",
                )
            )
        },
    ),
    "dynamodb": Service("dynamodb", optimized("dynamodb")),
    "ecs": ECS,
    "eks": Service(
        "eks",
        optimized("eks"),
        {
            "createCluster": _created("Cluster", "Name"),
            "createFargateProfile": _created("FargateProfile", "ClusterName", "FargateProfileName"),
            "createNodegroup": _created("Nodegroup", "ClusterName", "NodegroupName"),
            "deleteCluster": _deleted("Cluster", "Name"),
            "deleteFargateProfile": _deleted("FargateProfile", "ClusterName", "FargateProfileName"),
            "deleteNodegroup": _deleted("Nodegroup", "ClusterName", "NodegroupName"),
        },
    ),
    "elasticmapreduce": ELASTICMAPREDUCE,
    "emr-containers": Service(
        "emr-containers",
        optimized("emr-containers"),
        {
            "deleteVirtualCluster": Action(
                sync=Contract(
                    request=_told("Id"),
                    ended=by_state("VirtualCluster.State", "TERMINATED", "ARRESTED"),
                )
            ),
            "startJobRun": Action(
                sync=Contract(
                    request=_told("Id", "VirtualClusterId"),
                    ended=by_state("JobRun.State", "COMPLETED", "CANCELLED FAILED"),
                    stop="CancelJobRun",
                )
            ),
        },
    ),
    "emr-serverless": Service(
        "emr-serverless",
        optimized("emr-serverless"),
        {
            "cancelJobRun": Action(
                sync=Contract(
                    request=_told("ApplicationId", "JobRunId"),
                    ended=by_state("JobRun.State", "CANCELLED", "FAILED SUCCESS"),
                )
            ),
            "createApplication": _application("CREATED", "TERMINATED", _told("ApplicationId")),
            "deleteApplication": _application("TERMINATED", "", _asked("ApplicationId")),
            "startApplication": _application("STARTED", "TERMINATED", _asked("ApplicationId")),
            "startJobRun": Action(
                sync=Contract(
                    request=_told("ApplicationId", "JobRunId"),
                    ended=by_state("JobRun.State", "SUCCESS", "CANCELLED FAILED"),
                    stop="CancelJobRun",
                )
            ),
            "stopApplication": _application("STOPPED", "TERMINATED", _asked("ApplicationId")),
        },
    ),
    "events": EVENTS,
    "glue": Service(
        "glue",
        optimized("glue"),
        {
            "startJobRun": Action(
                receive=_named,
                sync=Contract(
                    request=lambda asked, told: {"JobName": told["JobName"], "RunId": told["JobRunId"]},
                    job=lambda answer: answer["JobRun"],
                    ended=by_state("JobRunState", "SUCCEEDED", "ERROR EXPIRED FAILED STOPPED TIMEOUT"),
                    stop="BatchStopJobRun",
                    stop_request=lambda asked, told: {
                        "JobName": told["JobName"],
                        "JobRunIds": [told["JobRunId"]],
                    },
                ),
            )
        },
    ),
    "lambda": LAMBDA,
    "mediaconvert": Service(
        "mediaconvert",
        SdkWords("MediaConvert"),
        {
            "createJob": Action(
                receive=plain,
                sync=Contract(
                    request=lambda asked, told: {"Id": told["Job"]["Id"]},
                    ended=by_state("Job.Status", "COMPLETE", "CANCELED ERROR"),
                    stop="CancelJob",
                ),
            )
        },
    ),
    "sagemaker": Service(
        "sagemaker",
        optimized("sagemaker"),
        {
            f"create{kind}": _sagemaker(kind)
            for kind in (
                "HyperParameterTuningJob",
                "LabelingJob",
                "ProcessingJob",
                "TrainingJob",
                "TransformJob",
            )
        },
    ),
    "sns": Service("sns", optimized("sns")),
    "sqs": Service("sqs", optimized("sqs")),
    "states": STATES,
}
