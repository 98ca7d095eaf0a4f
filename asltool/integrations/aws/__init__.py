"""AWS: tasks that call its services through boto3. Nothing is sent to AWS unless you ask for it."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from asltool.driver.jobs import Work
from asltool.engine.effects import CallTask
from asltool.errors import AwsError
from asltool.integrations.aws import work
from asltool.integrations.aws.action import SDK_ACTION, AwsService
from asltool.integrations.aws.apigateway import invoke
from asltool.integrations.aws.lambda_functions import LAMBDA, run
from asltool.integrations.aws.names import capitalized
from asltool.integrations.aws.sdk import Sdk
from asltool.integrations.aws.services import SERVICES
from asltool.integrations.aws.work import ServiceCaller
from asltool.syntax.integrations import INTEGRATIONS
from asltool.syntax.resource import Resource
from asltool.syntax.wording import near, quoted

__all__ = ["Aws"]

_FUNCTION_ARN = re.compile(r"arn:[\w-]+:lambda:")


class Aws:
    """The `Integration` with AWS, for ``machine.run(..., integrations=[asltool.Aws()])``.

    It supports optimized integrations, ``aws-sdk:*``, and Lambda functions whose ARN is the Resource.
    Credentials are found as boto3 finds them: environment, profile, role. ``.sync`` jobs are polled every
    five seconds on the run's clock: for AWS itself, run with ``clock=asltool.RealClock()``.

    Args:
        endpoint_url: a server to call in place of AWS.
        region, profile: as in AWS's tools; by default from the environment.

    Raises:
        MissingExtra: boto3 is not installed.
        AwsError: the profile does not exist, or the endpoint is not a URL.
    """

    def __init__(
        self, *, endpoint_url: str | None = None, region: str | None = None, profile: str | None = None
    ) -> None:
        self._sdk = Sdk(endpoint_url, region, profile)

    def client(self, service: str) -> Any:
        """Return the boto3 client for a service, by boto3's name."""
        return self._sdk.client(service)

    def knows(self, call: CallTask) -> bool:
        """Return whether AWS would be called; `find` says whether it can be."""
        resource = call.resource
        if resource.events == "LambdaFunction":
            return _FUNCTION_ARN.match(call.resource) is not None
        return resource.events == "Task"

    def find(self, call: CallTask) -> Work | None:
        """Return the function that performs this call.

        Raises:
            AwsError: the service or action does not exist, or no region is configured.
        """
        resource = call.resource
        if resource.events == "LambdaFunction" and _FUNCTION_ARN.match(call.resource):
            caller = ServiceCaller(self._sdk, LAMBDA.client, LAMBDA.words)
            return partial(work.request, partial(run, caller))
        if resource.events != "Task":
            return None
        if resource.service == "apigateway":
            return partial(work.request, partial(invoke, self._sdk))
        service = self._service(resource)
        return None if service is None else self._work(resource, service)

    def _service(self, resource: Resource) -> AwsService | None:
        family, _, name = resource.service.partition(":")
        if family != "aws-sdk":
            return SERVICES.get(resource.service)
        client = self._sdk.find(name)
        if client is None:
            raise AwsError(f"boto3 has no service {quoted(name)}, used by {quoted(resource)}")
        return AwsService(client, self._sdk.words(client), default=SDK_ACTION)

    def _work(self, resource: Resource, service: AwsService) -> Work:
        name, pattern = resource.name, resource.pattern
        action = service.actions.get(name, service.default)
        operation = action.operation or capitalized(name)
        caller = ServiceCaller(self._sdk, action.client or service.client, service.words)
        if (problem := _problem(name, operation, caller)) is not None:
            raise AwsError(f"{quoted(resource)}: {problem}")
        begin = partial(caller.begin, operation, action)
        if pattern in ("", "waitForTaskToken"):
            return partial(work.request, begin)
        contract = {"sync": action.sync, "sync:2": action.sync_2}.get(pattern)
        if contract is None:
            raise AwsError(f"{quoted(resource)}: this action does not support {quoted(pattern)}")
        polls = INTEGRATIONS[resource.service].actions[name].polls
        return partial(work.run_job, begin, caller, contract, polls)


def _problem(action: str, operation: str, caller: ServiceCaller) -> str | None:
    """Return why an operation cannot be called; None if it can."""
    known = caller.model.operation_names
    if operation not in known:
        meant = near(operation, known)
        hint = f". did you mean {quoted(meant[:1].lower() + meant[1:])}?" if meant else ""
        return f"the service has no {quoted(action)}{hint}"
    if caller.model.operation_model(operation).has_event_stream_output:
        return "an event stream cannot be a task's result"
    return None
