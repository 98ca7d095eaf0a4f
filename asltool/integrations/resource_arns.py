"""The names and ARNs of CloudFormation and Terraform resources, and the references to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["RESOURCE_NAMES", "ResourceName", "label_of"]

_LABEL = re.compile(r"\.(?P<label>[\w-]+)(?:\[(?P<key>[^\]]*)\])?$")
_NOT_IN_NAMES = re.compile(r"[^\w.-]+")


def label_of(address: str) -> str:
    """Return the label in a Terraform address, with the key of the instance."""
    found = _LABEL.search(address)
    parts = (found["label"], found["key"]) if found else (address,)
    return "-".join(_NOT_IN_NAMES.sub("", part) for part in parts if part)


class ResourceName(NamedTuple):
    """The property with the name, the ARN after its partition, and whether ``Ref`` (``id``) is the ARN."""

    field: str
    arn: str
    refers_to_arn: bool

    def name_of(self, address: str, attributes: Mapping[str, Any]) -> str:
        """Return the name of a Terraform resource; its label if the name is not known."""
        name = attributes.get(self.field)
        return name if isinstance(name, str) and name and "${" not in name else label_of(address)

    def arn_of(self, name: str, place: tuple[str, str], partition: str) -> str:
        """Return the ARN; ``place`` is the account and the region."""
        account, region = place
        return f"arn:{partition}:{self.arn.format(place=f'{region}:{account}', name=name)}"


RESOURCE_NAMES = {
    "AWS::Events::EventBus": ResourceName("Name", "events:{place}:event-bus/{name}", False),
    "AWS::Glue::Crawler": ResourceName("Name", "glue:{place}:crawler/{name}", False),
    "AWS::Glue::Job": ResourceName("Name", "glue:{place}:job/{name}", False),
    "AWS::Glue::Workflow": ResourceName("Name", "glue:{place}:workflow/{name}", False),
    "AWS::Scheduler::ScheduleGroup": ResourceName("Name", "scheduler:{place}:schedule-group/{name}", False),
    "AWS::S3::Bucket": ResourceName("BucketName", "s3:::{name}", False),
    "AWS::SNS::Topic": ResourceName("TopicName", "sns:{place}:{name}", True),
    "AWS::SQS::Queue": ResourceName("QueueName", "sqs:{place}:{name}", False),
    "AWS::StepFunctions::Activity": ResourceName("Name", "states:{place}:activity:{name}", True),
    "aws_cloudwatch_event_bus": ResourceName("name", "events:{place}:event-bus/{name}", False),
    "aws_cloudwatch_event_rule": ResourceName("name", "events:{place}:rule/{name}", False),
    "aws_glue_crawler": ResourceName("name", "glue:{place}:crawler/{name}", False),
    "aws_glue_job": ResourceName("name", "glue:{place}:job/{name}", False),
    "aws_glue_workflow": ResourceName("name", "glue:{place}:workflow/{name}", False),
    "aws_lambda_function": ResourceName("function_name", "lambda:{place}:function:{name}", False),
    "aws_s3_bucket": ResourceName("bucket", "s3:::{name}", False),
    "aws_scheduler_schedule_group": ResourceName("name", "scheduler:{place}:schedule-group/{name}", False),
    "aws_sfn_activity": ResourceName("name", "states:{place}:activity:{name}", True),
    "aws_sns_topic": ResourceName("name", "sns:{place}:{name}", True),
    "aws_sqs_queue": ResourceName("name", "sqs:{place}:{name}", False),
}
"""By type."""
