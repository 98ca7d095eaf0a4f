"""Lambda: ``lambda:invoke``, and functions whose ARN is the Resource.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.engine.effects import CallTask
from asltool.expr.values import dumps
from asltool.integrations.aws.action import AwsAction, AwsService, with_metadata
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.words import optimized
from asltool.integrations.lambda_invoke import returned

if TYPE_CHECKING:
    from asltool.integrations.aws.work import ServiceCaller

__all__ = ["LAMBDA", "run"]


def _envelope(reply: ServiceReply, call: CallTask) -> Any:
    """An asynchronous invocation or a dry run has no result."""
    result = with_metadata(reply, call)
    if reply.answer["StatusCode"] != 200:
        return {name: value for name, value in result.items() if name != "Payload"}
    return {**result, "Payload": _payload(reply)}


def _payload(reply: ServiceReply) -> Any:
    return returned(reply.answer.get("Payload") or "", failed="FunctionError" in reply.answer)


LAMBDA = AwsService(
    "lambda",
    optimized("lambda"),
    {"invoke": AwsAction(receive=_envelope)},
)


def run(caller: ServiceCaller, call: CallTask) -> Any:
    """Invoke the function whose ARN is the Resource: the input, of any type, is the event, and its return
    value the result."""
    request = {"FunctionName": call.resource, "Payload": dumps(call.input)}
    return _payload(caller.ask("Invoke", request, call))
