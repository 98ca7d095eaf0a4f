"""Tasks that call the server's own APIs, such as ``aws-sdk:sfn:*`` and ``events:putEvents``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from asltool.driver.jobs import Job
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.errors import RequestError, TaskFailed
from asltool.expr.environment import Json
from asltool.integrations.aws.action import SDK_ACTION, AwsService
from asltool.integrations.aws.events import EVENTS as EVENTBRIDGE
from asltool.integrations.aws.models import model, shapes
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.shapes import from_json, to_json
from asltool.integrations.aws.words import ErrorReply, SdkWords
from asltool.integrations.calls import request_id
from asltool.integrations.parameters import unusable
from asltool.service.apis import APIS, EVENTS, SCHEDULER
from asltool.service.caller import Caller
from asltool.service.checks import STATES
from asltool.service.on_loop import ThroughService

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["SERVICES", "OwnCalls"]


class _Words(SdkWords):
    """Timestamps are seconds here, unlike in boto3."""

    def moment(self, moment: Any) -> str:
        return super().moment(datetime.fromtimestamp(moment, UTC))


SERVICES = {
    "aws-sdk:eventbridge": (EVENTS, AwsService(EVENTS, _Words("EventBridge"), default=SDK_ACTION)),
    "aws-sdk:sfn": (STATES, AwsService(STATES, _Words("Sfn"), default=SDK_ACTION)),
    "aws-sdk:scheduler": (SCHEDULER, AwsService(SCHEDULER, _Words("Scheduler"), default=SDK_ACTION)),
    "events": (EVENTS, EVENTBRIDGE),
}
"""By what a Resource calls a service: the API, and the ways of the integration."""


class OwnCalls(ThroughService):
    """The `Integration` that passes tasks on to the service. Create it in the service's event loop."""

    def knows(self, call: CallTask) -> bool:
        found = SERVICES.get(call.resource.service)
        return found is not None and _operation(call) in APIS[found[0]]

    def _take(self, job: Job) -> None:
        self._keep(self._answer(job))

    async def _answer(self, job: Job) -> None:
        assert self._service is not None
        try:
            answer = await _called(self._service, job.call)
        except TaskFailed as failure:
            job.report(Failed(failure.error, failure.cause))
            return
        if job.waits_for_token:
            job.begin(answer)
        else:
            job.report(Succeeded(answer))


def _operation(call: CallTask) -> str:
    return call.resource.name[:1].upper() + call.resource.name[1:]


async def _called(service: Service, call: CallTask) -> Json:
    api, integration = SERVICES[call.resource.service]
    words, action = integration.words, integration.actions.get(call.resource.name, integration.default)
    taken, returned = shapes(api, _operation(call))
    region, account = call.execution_arn.split(":")[3:5]
    try:
        request = from_json(action.send(call), taken, words)
    except ValueError as problem:
        raise unusable(call.input, str(problem)) from problem
    try:
        answer = await service.call(_operation(call), request, Caller(account, region), api)
    except RequestError as refused:
        shape = refused.code if refused.code in model(api)["shapes"] else None
        sent = ErrorReply(
            code=refused.code, message=str(refused), status=400, request_id=request_id(call), shape=shape
        )
        raise words.failure(sent) from None
    return action.receive(ServiceReply(to_json(answer, returned, words), {}), call)
