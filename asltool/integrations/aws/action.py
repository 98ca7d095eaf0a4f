"""The actions of optimized integrations that differ from the API's operation of the same name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from asltool.engine.effects import CallTask
from asltool.integrations.aws.contracts import Contract
from asltool.integrations.aws.sdk import ServiceReply
from asltool.integrations.aws.words import ServiceWords

__all__ = ["SDK_ACTION", "AwsAction", "AwsService", "plain", "with_metadata"]


def plain(reply: ServiceReply, call: CallTask) -> Any:
    """Return only the body of the response."""
    return reply.answer


def with_metadata(reply: ServiceReply, call: CallTask) -> Any:
    """Return the response with the HTTP metadata that the AWS SDK for Java 1 adds."""
    headers = {_header(name): text for name, text in sorted(reply.metadata.get("HTTPHeaders", {}).items())}
    return {
        **reply.answer,
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [text] for name, text in headers.items()},
            "HttpHeaders": headers,
            "HttpStatusCode": reply.metadata["HTTPStatusCode"],
        },
        "SdkResponseMetadata": {"RequestId": reply.metadata.get("RequestId", "")},
    }


def _header(name: str) -> str:
    """Return the usual spelling of a header; boto3 lowercases them."""
    if name.startswith("x-"):
        return name.replace("requestid", "RequestId")
    return name.title()


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsAction:
    """How an action is called.

    Args:
        operation: the API's name, if it differs from the Resource's.
        client: boto3's name, if it differs from the service's.
        send: makes the request from the task's input.
        receive: makes the result from the response.
        sync, sync_2: what ``.sync`` and ``.sync:2`` wait for.
    """

    operation: str | None = None
    client: str | None = None
    send: Callable[[CallTask], Any] = lambda call: call.input
    receive: Callable[[ServiceReply, CallTask], Any] = with_metadata
    sync: Contract | None = None
    sync_2: Contract | None = None


SDK_ACTION = AwsAction(receive=plain)
"""Every action of ``aws-sdk:*``."""


@dataclass(frozen=True, slots=True)
class AwsService:
    """A service: boto3's name, the wording of its integration, and the actions that need special
    treatment."""

    client: str
    words: ServiceWords
    actions: Mapping[str, AwsAction] = field(default_factory=dict)
    default: AwsAction = AwsAction()
