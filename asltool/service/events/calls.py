"""Deliver to targets other than this server's machines and buses, by means of tasks.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from asltool.engine.effects import CallTask
from asltool.expr.values import loads
from asltool.service.events.letters import Letter
from asltool.syntax.arn import Arn, parse_arn
from asltool.syntax.resource import Resource

__all__ = ["calls_for"]


def _queue(arn: Arn, letter: Letter) -> dict[str, Any]:
    sent = {
        "QueueUrl": f"https://sqs.{arn.region}.amazonaws.com/{arn.account}/{arn.resource}",
        "MessageBody": letter.input,
    }
    group = letter.target.get("SqsParameters", {}).get("MessageGroupId")
    return sent if group is None else {**sent, "MessageGroupId": group}


def _topic(arn: Arn, letter: Letter) -> dict[str, Any]:
    return {"TopicArn": letter.target["Arn"], "Message": letter.input}


_REQUESTS: dict[str, tuple[str, Callable[[Arn, Letter], dict[str, Any]]]] = {
    "sns": ("sns:publish", _topic),
    "sqs": ("sqs:sendMessage", _queue),
}
"""By the service of a target: the task that delivers to it, and the parameters."""

_UNIVERSAL = "aws-sdk:"


def calls_for(letter: Letter) -> Iterator[CallTask]:
    """Yield the tasks that can deliver a letter, in the order in which to try them.

    A handler for the target's own ARN gets the target's input. A Scheduler target such as
    ``arn:aws:scheduler:::aws-sdk:sqs:sendMessage`` calls that action.
    """
    text = letter.target["Arn"]
    yield _call(letter, text, _value(letter.input))
    arn = parse_arn(text)
    if arn is None:
        return
    if arn.service == "scheduler" and arn.resource.startswith(_UNIVERSAL):
        yield _call(letter, f"arn:{arn.partition}:states:::{arn.resource}", _value(letter.input))
    elif arn.service in _REQUESTS:
        action, request = _REQUESTS[arn.service]
        yield _call(letter, f"arn:{arn.partition}:states:::{action}", request(arn, letter))


def _call(letter: Letter, resource: str, given: Any) -> CallTask:
    return CallTask(
        task_id=0,
        state="",
        resource=Resource(resource),
        input=given,
        attempt=letter.attempts,
        execution_arn=f"{letter.source}:{letter.name}",
        asked_at=letter.sent,
    )


def _value(text: str) -> Any:
    try:
        return loads(text)
    except ValueError:
        return text
