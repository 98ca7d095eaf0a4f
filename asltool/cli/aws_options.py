"""The options of commands that read from AWS: where and as whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from asltool.syntax.arn import parse_arn

__all__ = ["AwsOptions", "aws_options"]

_OPTIONS = (
    click.option(
        "--endpoint-url",
        metavar="URL",
        help="Send requests to this server, such as asltool serve, and not to AWS.",
    ),
    click.option("--region", metavar="REGION", help="The AWS region.  [default: that of the ARN]"),
    click.option("--profile", metavar="NAME", help="The AWS profile."),
)


@dataclass(frozen=True)
class AwsOptions:
    """Values of the options."""

    endpoint_url: str | None
    region: str | None
    profile: str | None

    def client(self, arn: str) -> Any:
        """Return the boto3 client of Step Functions, in the region of an ARN unless another one is chosen.

        Raises:
            MissingExtra: boto3 is not installed.
            AwsError: the profile does not exist, or the endpoint is not a URL.
        """
        from asltool.integrations.aws import Aws

        parsed = parse_arn(arn)
        region = self.region or (None if parsed is None else parsed.region or None)
        aws = Aws(endpoint_url=self.endpoint_url, region=region, profile=self.profile)
        return aws.client("stepfunctions")


def aws_options(command: Callable[..., None]) -> Callable[..., None]:
    """Pass `AwsOptions` to a command as ``aws``."""

    @wraps(command)
    def with_options(
        *, endpoint_url: str | None, region: str | None, profile: str | None, **others: Any
    ) -> None:
        command(aws=AwsOptions(endpoint_url, region, profile), **others)

    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options
