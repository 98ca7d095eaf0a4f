"""The table of optimized integrations, as Step Functions documents them.

Rules check Resources with it, diagrams take titles from it, and integrations take error names from it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the pages it lists,
as of September 2025; error names as recorded from the service
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

__all__ = ["INTEGRATIONS", "TOKEN", "Action", "Errors", "OptimizedIntegration", "title"]

SYNC: Final = ("sync",)
TOKEN: Final = ("waitForTaskToken",)


class Action(NamedTuple):
    """One action of a service.

    ``patterns`` are the suffixes it accepts, such as ``sync``. A call without its ``required`` parameters is
    rejected. ``polls`` is the API operation that ``.sync`` calls for the status of the job.
    """

    patterns: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    polls: str = ""


class Errors(NamedTuple):
    """How the errors of an integration are named.

    ``prefix`` begins their names (``SQS``), ``other`` is the name for any error not in the service's model
    (``AmazonSQSException``), and ``client`` is the service's name in causes (``AmazonSQS``).
    """

    prefix: str
    other: str
    client: str


class OptimizedIntegration(NamedTuple):
    """One service. ``errors`` is None if its errors are named like those of ``aws-sdk`` integrations."""

    title: str
    actions: Mapping[str, Action]
    errors: Errors | None = None


INTEGRATIONS: Final[Mapping[str, OptimizedIntegration]] = {
    "apigateway": OptimizedIntegration(
        "API Gateway",
        {
            "invoke": Action(TOKEN),
        },
    ),
    "athena": OptimizedIntegration(
        "Athena",
        {
            "getQueryExecution": Action(required=("QueryExecutionId",)),
            "getQueryResults": Action(required=("QueryExecutionId",)),
            "startQueryExecution": Action(SYNC, ("QueryString",), polls="GetQueryExecution"),
            "stopQueryExecution": Action(required=("QueryExecutionId",)),
        },
        Errors("Athena", "AmazonAthenaException", "AmazonAthena"),
    ),
    "batch": OptimizedIntegration(
        "Batch",
        {
            "submitJob": Action(SYNC, ("JobName", "JobQueue", "JobDefinition"), polls="DescribeJobs"),
        },
        Errors("Batch", "AWSBatchException", "AWSBatch"),
    ),
    "bedrock": OptimizedIntegration(
        "Bedrock",
        {
            "createModelCustomizationJob": Action(SYNC, polls="GetModelCustomizationJob"),
            "invokeModel": Action(TOKEN),
        },
    ),
    "codebuild": OptimizedIntegration(
        "CodeBuild",
        {
            "batchDeleteBuilds": Action(),
            "batchGetReports": Action(),
            "startBuild": Action(SYNC, ("ProjectName",), polls="BatchGetBuilds"),
            "startBuildBatch": Action(SYNC, polls="BatchGetBuildBatches"),
            "stopBuild": Action(),
            "stopBuildBatch": Action(),
            "deleteBuildBatch": Action(),
            "retryBuildBatch": Action(SYNC, polls="BatchGetBuildBatches"),
        },
        Errors("CodeBuild", "AWSCodeBuildException", "AWSCodeBuild"),
    ),
    "databrew": OptimizedIntegration(
        "DataBrew",
        {
            "startJobRun": Action(SYNC, ("Name",), polls="DescribeJobRun"),
        },
        Errors("DataBrew", "AWSGlueDataBrewException", "AWSGlueDataBrew"),
    ),
    "dynamodb": OptimizedIntegration(
        "DynamoDB",
        {
            "deleteItem": Action(required=("TableName", "Key")),
            "getItem": Action(required=("TableName", "Key")),
            "putItem": Action(required=("TableName", "Item")),
            "updateItem": Action(required=("TableName", "Key")),
        },
        Errors("DynamoDB", "AmazonDynamoDBException", "AmazonDynamoDBv2"),
    ),
    "ecs": OptimizedIntegration(
        "ECS",
        {
            "runTask": Action((*SYNC, *TOKEN), ("TaskDefinition",), polls="DescribeTasks"),
        },
        Errors("ECS", "AmazonECSException", "AmazonECS"),
    ),
    "eks": OptimizedIntegration(
        "EKS",
        {
            "call": Action(TOKEN),
            "createCluster": Action(SYNC, polls="DescribeCluster"),
            "createFargateProfile": Action(SYNC, polls="DescribeFargateProfile"),
            "createNodegroup": Action(SYNC, polls="DescribeNodegroup"),
            "deleteCluster": Action(SYNC, polls="DescribeCluster"),
            "deleteFargateProfile": Action(SYNC, polls="DescribeFargateProfile"),
            "deleteNodegroup": Action(SYNC, polls="DescribeNodegroup"),
            "runJob": Action((*SYNC, *TOKEN)),
        },
        Errors("EKS", "AmazonEKSException", "AmazonEKS"),
    ),
    "elasticmapreduce": OptimizedIntegration(
        "EMR",
        {
            "addStep": Action(SYNC, polls="DescribeStep"),
            "cancelStep": Action(),
            "createCluster": Action(SYNC, polls="DescribeCluster"),
            "modifyInstanceFleetByName": Action(),
            "modifyInstanceGroupByName": Action(),
            "setClusterTerminationProtection": Action(),
            "terminateCluster": Action(SYNC, polls="DescribeCluster"),
        },
        Errors("ElasticMapReduce", "AmazonElasticMapReduceException", "AmazonElasticMapReduce"),
    ),
    "emr-containers": OptimizedIntegration(
        "EMR on EKS",
        {
            "createVirtualCluster": Action(),
            "deleteVirtualCluster": Action(SYNC, polls="DescribeVirtualCluster"),
            "startJobRun": Action(SYNC, polls="DescribeJobRun"),
        },
        Errors("EMRContainers", "AmazonEMRContainersException", "AmazonEMRContainers"),
    ),
    "emr-serverless": OptimizedIntegration(
        "EMR Serverless",
        {
            "cancelJobRun": Action(SYNC, polls="GetJobRun"),
            "createApplication": Action(SYNC, polls="GetApplication"),
            "deleteApplication": Action(SYNC, polls="GetApplication"),
            "startApplication": Action(SYNC, polls="GetApplication"),
            "startJobRun": Action(SYNC, polls="GetJobRun"),
            "stopApplication": Action(SYNC, polls="GetApplication"),
        },
        Errors("EMRServerless", "AWSEMRServerlessException", "AWSEMRServerless"),
    ),
    "events": OptimizedIntegration(
        "EventBridge",
        {
            "putEvents": Action(TOKEN, ("Entries",)),
        },
        Errors("EventBridge", "AmazonEventBridgeException", "AmazonEventBridge"),
    ),
    "glue": OptimizedIntegration(
        "Glue",
        {
            "startJobRun": Action(SYNC, ("JobName",), polls="GetJobRun"),
        },
        Errors("Glue", "AWSGlueException", "AWSGlue"),
    ),
    "http": OptimizedIntegration(
        "HTTP",
        {
            "invoke": Action(required=("ApiEndpoint", "Method")),
        },
    ),
    "lambda": OptimizedIntegration(
        "Lambda",
        {
            "invoke": Action(TOKEN, ("FunctionName",)),
        },
        Errors("Lambda", "AWSLambdaException", "AWSLambda"),
    ),
    "mediaconvert": OptimizedIntegration(
        "MediaConvert",
        {
            "createJob": Action(SYNC, polls="GetJob"),
        },
    ),
    "sagemaker": OptimizedIntegration(
        "SageMaker",
        {
            "createEndpoint": Action(),
            "createEndpointConfig": Action(),
            "createHyperParameterTuningJob": Action(SYNC, polls="DescribeHyperParameterTuningJob"),
            "createLabelingJob": Action(SYNC, polls="DescribeLabelingJob"),
            "createModel": Action(),
            "createProcessingJob": Action(SYNC, polls="DescribeProcessingJob"),
            "createTrainingJob": Action(SYNC, polls="DescribeTrainingJob"),
            "createTransformJob": Action(SYNC, polls="DescribeTransformJob"),
            "updateEndpoint": Action(),
        },
        Errors("SageMaker", "AmazonSageMakerException", "AmazonSageMaker"),
    ),
    "sns": OptimizedIntegration(
        "SNS",
        {
            "publish": Action(TOKEN, ("Message",)),
        },
        Errors("SNS", "AmazonSNSException", "AmazonSNS"),
    ),
    "sqs": OptimizedIntegration(
        "SQS",
        {
            "sendMessage": Action(TOKEN, ("QueueUrl", "MessageBody")),
        },
        Errors("SQS", "AmazonSQSException", "AmazonSQS"),
    ),
    "states": OptimizedIntegration(
        "Step Functions",
        {
            "startExecution": Action(
                (*SYNC, "sync:2", *TOKEN), ("StateMachineArn",), polls="DescribeExecution"
            ),
        },
        Errors("StepFunctions", "AWSStepFunctionsException", "AWSStepFunctions"),
    ),
}

_SDK_TITLES = {
    "cloudformation": "CloudFormation",
    "cloudwatch": "CloudWatch",
    "emrserverless": "EMR Serverless",
    "eventbridge": "EventBridge",
    "redshiftdata": "Redshift Data",
    "secretsmanager": "Secrets Manager",
    "sfn": "Step Functions",
}


def title(service: str) -> str:
    """Return a service's name as AWS writes it; short names are usually initials (S3, SQS, ECS)."""
    if service in INTEGRATIONS:
        return INTEGRATIONS[service].title
    return _SDK_TITLES.get(service) or (service.upper() if len(service) <= 3 else service.capitalize())
