"""What the AWS SDK adds to a response, as task outputs show it."""

from __future__ import annotations

from email.utils import formatdate
from typing import Any

__all__ = ["sdk_response"]


def sdk_response(request_id: str, headers: dict[str, str], status: int = 200) -> dict[str, Any]:
    """Return ``SdkHttpMetadata`` and ``SdkResponseMetadata`` of a response with these headers."""
    sent = {**headers, "Date": formatdate(usegmt=True), "x-amzn-RequestId": request_id}
    return {
        "SdkHttpMetadata": {
            "AllHttpHeaders": {name: [value] for name, value in sent.items()},
            "HttpHeaders": sent,
            "HttpStatusCode": status,
        },
        "SdkResponseMetadata": {"RequestId": request_id},
    }
