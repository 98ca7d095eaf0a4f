"""EventBridge.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed
from asltool.expr.values import dumps
from asltool.integrations.aws.action import AwsAction, AwsService
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.words import optimized

__all__ = ["EVENTS"]


def _with_origin(call: CallTask) -> Any:
    """Every event names its state machine and execution."""
    entries = call.input.get("Entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return call.input
    machine, _, _ = call.execution_arn.replace(":execution:", ":stateMachine:").rpartition(":")
    origin = [machine, call.execution_arn]
    signed = [{**entry, "Resources": [*(entry.get("Resources") or []), *origin]} for entry in entries]
    return {**call.input, "Entries": signed}


def _delivered(reply: ServiceReply, call: CallTask) -> Any:
    if reply.answer["FailedEntryCount"]:
        raise TaskFailed("EventBridge.FailedEntry", dumps(reply.answer))
    return reply.answer


EVENTS = AwsService(
    "events",
    optimized("events"),
    {"putEvents": AwsAction(send=_with_origin, receive=_delivered)},
)
