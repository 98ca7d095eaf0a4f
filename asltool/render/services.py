"""What a Task calls, in few words: ``Lambda``, ``Glue startJobRun.sync``, ``Activity approve``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re

from asltool.syntax.arn import parse_arn

__all__ = ["service"]

_NAMES = {
    "apigateway": "API Gateway",
    "athena": "Athena",
    "batch": "Batch",
    "bedrock": "Bedrock",
    "cloudformation": "CloudFormation",
    "cloudwatch": "CloudWatch",
    "codebuild": "CodeBuild",
    "databrew": "DataBrew",
    "dynamodb": "DynamoDB",
    "elasticmapreduce": "EMR",
    "emr-containers": "EMR on EKS",
    "emr-serverless": "EMR Serverless",
    "emrserverless": "EMR Serverless",
    "eventbridge": "EventBridge",
    "events": "EventBridge",
    "glue": "Glue",
    "http": "HTTP",
    "lambda": "Lambda",
    "mediaconvert": "MediaConvert",
    "redshiftdata": "Redshift Data",
    "sagemaker": "SageMaker",
    "secretsmanager": "Secrets Manager",
    "sfn": "Step Functions",
    "states": "Step Functions",
}

_SUBSTITUTION = re.compile(r"[$#]\{(?:[^:{}]*::)?([^{}]*)\}")


def service(resource: str) -> str:
    """Return a short name of a Task's Resource; one that is no ARN stays as it is written."""
    arn = parse_arn(resource)
    resource = _SUBSTITUTION.sub(r"${\1}", resource)
    if arn is None:
        return resource
    if arn.service == "lambda" and arn.resource.startswith("function:"):
        return "Lambda"
    called = _SUBSTITUTION.sub(r"${\1}", arn.resource.removeprefix("aws-sdk:"))
    name, _, action = called.partition(":")
    if arn.service != "states" or not (name and action):
        return resource
    if name == "activity":
        return f"Activity {action}"
    if action == "invoke" and name in ("http", "lambda"):
        return _NAMES[name]
    return f"{_title(name)} {action}"


def _title(name: str) -> str:
    """Return a service's name as AWS writes it; short ones are mostly initials (S3, SQS, ECS)."""
    return _NAMES.get(name) or (name.upper() if len(name) <= 3 else name.capitalize())
