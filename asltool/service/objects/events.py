"""The events "Object Created" and "Object Deleted".

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from asltool.service.caller import Caller
from asltool.service.objects.files import Stamp
from asltool.triggers.buses import aws_event

__all__ = ["SOURCE", "created", "deleted"]

SOURCE = "aws.s3"

_NAMESPACE = uuid.UUID("0c4e8a55-5a53-4c6b-9a55-2f0f8f9a6d11")


def created(
    root: str, number: int, name: str, stamp: Stamp, etag: str, now: float, owner: Caller
) -> dict[str, Any]:
    """Return the event about a new or replaced file; ``number`` is that of the change."""
    about = {"size": stamp.size, "etag": etag}
    return _event("Object Created", {"reason": "PutObject"}, about, root, number, name, now, owner)


def deleted(root: str, number: int, name: str, now: float, owner: Caller) -> dict[str, Any]:
    """Return the event about a removed file."""
    why = {"reason": "DeleteObject", "deletion-type": "Permanently Deleted"}
    return _event("Object Deleted", why, {}, root, number, name, now, owner)


def _event(
    detail_type: str,
    why: dict[str, str],
    about: dict[str, Any],
    root: str,
    number: int,
    name: str,
    now: float,
    owner: Caller,
) -> dict[str, Any]:
    """Return an event whose id is always the same for a change."""
    event_id = uuid.uuid5(_NAMESPACE, f"{root}\n{number}\n{name}")
    bucket, _, key = name.partition("/")
    return aws_event(
        event_id=str(event_id),
        detail_type=detail_type,
        source=SOURCE,
        account=owner.account,
        time=datetime.fromtimestamp(now, UTC),
        region=owner.region,
        resources=[f"arn:aws:s3:::{bucket}"],
        detail={
            "version": "0",
            "bucket": {"name": bucket},
            "object": {"key": key, **about, "sequencer": f"{number:018X}"},
            "request-id": event_id.hex[:16].upper(),
            "requester": owner.account,
            "source-ip-address": "127.0.0.1",
            **why,
        },
    )
