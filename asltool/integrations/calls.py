"""The ID of a call, which Lambda and the SDK show as the request ID."""

from __future__ import annotations

import uuid

from asltool.engine.effects import CallTask

__all__ = ["request_id"]

_NAMESPACE = uuid.UUID("8d3a6f0e-3c57-4a3b-9c0b-6f2f1d1f7c55")


def request_id(call: CallTask) -> str:
    """Return a request's ID; it is the same when the run is repeated."""
    # Names may contain unpaired surrogates, which UTF-8 cannot represent.
    name = f"{call.execution_arn}#{call.task_id}".encode(errors="replace").decode()
    return str(uuid.uuid5(_NAMESPACE, name))
