"""What a Task calls, in few words: ``Lambda``, ``Glue startJobRun.sync``, ``Activity approve``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
"""

from __future__ import annotations

import re

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

_INTEGRATION = re.compile(r"arn:[^:]*:states:[^:]*:[^:]*:(?:aws-sdk:)?([^:]+):(.+)", re.DOTALL)
_FUNCTION = re.compile(r"arn:[^:]*:lambda:[^:]*:[^:]*:function:", re.DOTALL)
_SUBSTITUTION = re.compile(r"[$#]\{(?:[^:{}]*::)?([^{}]*)\}")


def service(resource: str) -> str:
    """Return a short name of a Task's Resource; one that is no ARN stays as it is written."""
    # "${AWS::Partition}" would bring colons of its own into an ARN.
    resource = _SUBSTITUTION.sub(r"${\1}", resource)
    if _FUNCTION.match(resource):
        return "Lambda"
    match = _INTEGRATION.match(resource)
    if match is None:
        return resource
    name, action = match.groups()
    if name == "activity":
        return f"Activity {action}"
    if action == "invoke" and name in ("http", "lambda"):
        return _NAMES[name]
    return f"{_title(name)} {action}"


def _title(name: str) -> str:
    """Return a service's name as AWS writes it; short ones are mostly initials (S3, SQS, ECS)."""
    return _NAMES.get(name) or (name.upper() if len(name) <= 3 else name.capitalize())
