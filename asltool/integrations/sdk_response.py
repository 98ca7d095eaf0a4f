"""The metadata that the AWS SDK adds to a response, as in task outputs."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

from asltool.engine.effects import CallTask
from asltool.integrations.calls import request_id

__all__ = ["sdk_response"]


def sdk_response(call: CallTask, headers: dict[str, str], status: int = 200) -> dict[str, Any]:
    """Return ``SdkHttpMetadata`` and ``SdkResponseMetadata`` of a response with these headers.

    Its date is from the execution's clock, so a repeated run has the same.
    """
    request = request_id(call)
    sent = {**headers, "Date": formatdate(call.asked_at, usegmt=True), "x-amzn-RequestId": request}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in sent.items()},
            "HttpHeaders": sent,
            "HttpStatusCode": status,
        },
        "SdkResponseMetadata": {"RequestId": request},
    }
