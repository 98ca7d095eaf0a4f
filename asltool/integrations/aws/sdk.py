"""AWS through boto3: one client per service, made on first use."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from asltool.errors import AwsError, MissingExtra
from asltool.expr.environment import Json
from asltool.integrations.aws.names import client_name, service_name
from asltool.integrations.aws.shapes import from_json, to_json
from asltool.integrations.aws.words import ErrorReply, SdkWords, ServiceWords
from asltool.integrations.parameters import unusable

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

__all__ = ["Sdk", "ServiceReply", "explained", "problem_of", "why"]

_NOT_FOUND = 404
_NO_CREDENTIALS = (
    "no AWS credentials: log in with the AWS CLI, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY "
    "(any values work for your own server)"
)


@dataclass(frozen=True, slots=True)
class ServiceReply:
    """A service's response: JSON with Step Functions' field names, and boto3's ``ResponseMetadata``."""

    answer: Any
    metadata: dict[str, Any]


class Sdk:
    """Calls AWS, or a compatible server at ``endpoint_url``.

    Raises:
        MissingExtra: boto3 is not installed.
        AwsError: the profile does not exist, or the endpoint is not a URL.
    """

    def __init__(self, endpoint_url: str | None, region: str | None, profile: str | None) -> None:
        try:
            import boto3
            from botocore.exceptions import ProfileNotFound
        except ImportError as problem:
            raise MissingExtra("running tasks on AWS", "aws") from problem
        if endpoint_url is not None and not endpoint_url.startswith(("http://", "https://")):
            raise AwsError(f'the endpoint "{endpoint_url}" is not a URL: begin it with http:// or https://')
        try:
            # boto3 itself reads only AWS_DEFAULT_REGION.
            region = region or os.environ.get("AWS_REGION")
            self.session: Any = boto3.Session(profile_name=profile, region_name=region)
        except ProfileNotFound as problem:
            raise AwsError(f"{problem}. list profiles with aws configure list-profiles") from problem
        self.endpoint_url = endpoint_url
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = RLock()

    @property
    def region(self) -> str:
        """The region to call; with an endpoint, any region works.

        Raises:
            AwsError: no region is configured.
        """
        region = self.session.region_name or ("us-east-1" if self.endpoint_url else None)
        if region is None:
            raise AwsError("no AWS region: pass --region, or set AWS_REGION")
        return region

    def find(self, service: str) -> str | None:
        """Return boto3's name for the service in ``aws-sdk:service``."""
        return client_name(service, self.session.get_available_services())

    def client(self, service: str, role_arn: str | None = None) -> Any:
        """Return the client of a service, by boto3's name; with a role, one with the role's credentials."""
        with self._lock:
            client = self._clients.get((service, role_arn))
            if client is None:
                client = self._clients[service, role_arn] = self._make(service, self._assume(role_arn))
            return client

    def credentials(self) -> Any:
        """Return the credentials that requests are signed with.

        Raises:
            AwsError: there are no credentials.
        """
        credentials = self.session.get_credentials()
        if credentials is None:
            raise AwsError(_NO_CREDENTIALS)
        return credentials

    def words(self, service: str) -> SdkWords:
        """Return the ``aws-sdk:*`` wording for this service's responses."""
        return SdkWords(service_name(self.client(service).meta.service_model.service_id))

    def call(
        self, service: str, operation: str, parameters: Json, words: ServiceWords, role_arn: str | None = None
    ) -> ServiceReply:
        """Call an operation, by the API's name.

        Raises:
            TaskFailed: the service returned an error or could not be reached; worded by ``words``.
            AwsError: there are no credentials.
        """
        from botocore import xform_name

        client = self.client(service, role_arn)
        model = client.meta.service_model.operation_model(operation)
        try:
            arguments = from_json(parameters, model.input_shape, words)
        except ValueError as problem:
            raise unusable(parameters, str(problem)) from problem
        for name in _missing_in_path(model.input_shape, arguments):
            raise words.client_failure(f"Parameter '{name}' must not be null")
        response = self._send(client, xform_name(operation), arguments, words)
        return ServiceReply(to_json(response, model.output_shape, words), response["ResponseMetadata"])

    def _send(self, client: Any, method: str, arguments: dict[str, Any], words: ServiceWords) -> Any:
        from botocore import exceptions, parsers

        try:
            return getattr(client, method)(**arguments)
        except exceptions.ClientError as problem:
            raise words.failure(problem_of(problem, client)) from problem
        except _no_credentials() as problem:
            raise AwsError(f"{_NO_CREDENTIALS} ({problem})") from problem
        except exceptions.BotoCoreError as problem:
            raise words.client_failure(f"Unable to execute HTTP request: {why(problem)}") from problem
        except parsers.ResponseParserError as problem:
            raise words.client_failure(f"Unable to unmarshall response: {problem}") from problem

    def _make(self, service: str, credentials: dict[str, str]) -> Any:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        config = Config(parameter_validation=False)  # parameters are already checked against the shapes
        if self.endpoint_url:
            # A custom endpoint has no host name per bucket, and retries would only fail again.
            config = config.merge(Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))
        place = {"region_name": self.region, "endpoint_url": self.endpoint_url}
        try:
            return self.session.client(service, config=config, **place, **credentials)
        except BotoCoreError as problem:
            raise AwsError(f"boto3 cannot call {service}: {problem}") from problem

    def _assume(self, role_arn: str | None) -> dict[str, str]:
        """Return a role's credentials as client arguments; without a role, none."""
        if role_arn is None:
            return {}
        parameters = {"RoleArn": role_arn, "RoleSessionName": "asltool"}
        answer = self.call("sts", "AssumeRole", parameters, self.words("sts")).answer
        credentials = answer["Credentials"]
        return {
            "aws_access_key_id": credentials["AccessKeyId"],
            "aws_secret_access_key": credentials["SecretAccessKey"],
            "aws_session_token": credentials["SessionToken"],
        }


def _no_credentials() -> tuple[type[Exception], ...]:
    from botocore import exceptions

    return (
        exceptions.NoCredentialsError,
        exceptions.CredentialRetrievalError,
        exceptions.SSOError,
        exceptions.TokenRetrievalError,
    )


@contextmanager
def explained() -> Iterator[None]:
    """Raise `AwsError` where a boto3 client is used directly and the call fails."""
    from botocore import exceptions, parsers

    try:
        yield
    except exceptions.ClientError as problem:
        about = problem.response["Error"]
        raise AwsError(f"{problem.operation_name}: {about['Code']}: {about.get('Message', '')}") from problem
    except _no_credentials() as problem:
        raise AwsError(f"{_NO_CREDENTIALS} ({problem})") from problem
    except exceptions.BotoCoreError as problem:
        raise AwsError(f"AWS cannot be called: {why(problem)}") from problem
    except parsers.ResponseParserError as problem:
        raise AwsError(f"the response of the service cannot be read: {problem}") from problem


def _missing_in_path(shape: Any, arguments: dict[str, Any]) -> Iterator[str]:
    """Yield the parameters that are required to build the request's URL."""
    if shape is not None:
        for name in shape.required_members:
            if name not in arguments and shape.members[name].serialization.get("location") == "uri":
                yield name


def problem_of(error: ClientError, client: Any) -> ErrorReply:
    """Return the service's error from boto3's exception."""
    about, metadata = error.response["Error"], error.response["ResponseMetadata"]
    model, status = client.meta.service_model, metadata["HTTPStatusCode"]
    # Services that used another protocol before still send their old codes.
    shape = model.shape_for_error_code(about.get("QueryErrorCode", about["Code"]))
    bodiless = about["Code"] == str(status)
    if (
        bodiless and status == _NOT_FOUND
    ):  # Java then uses the error that S3's HeadObject and HeadBucket declare
        shape = next(iter(model.operation_model(error.operation_name).error_shapes), None)
    return ErrorReply(
        code=about["Code"],
        message="null" if bodiless else about.get("Message", ""),
        status=status,
        request_id=metadata.get("RequestId", ""),
        extended_request_id=metadata.get("HostId"),
        attempts=metadata.get("RetryAttempts", 0) + 1,
        shape=shape.name if shape else None,
    )


def why(problem: BotoCoreError) -> str:
    """Return briefly why a request had no response: ``host: Name or service not known``."""
    reason = re.search(r"\[Errno [-0-9]+\] ([^)\]']+)", str(problem.kwargs.get("error", "")))
    if reason is None:
        return str(problem)
    return f"{urlsplit(str(problem.kwargs['endpoint_url'])).netloc}: {reason[1]}"
