"""The context object of an execution (``$$``).

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from typing import Any

from asltool.engine.identity import Identity
from asltool.history.timestamps import iso_time

__all__ = ["execution_context", "state_context"]


def execution_context(
    identity: Identity,
    value: Any,
    started_at: float,
    redrive_count: int = 0,
    redriven_at: float | None = None,
) -> dict[str, Any]:
    """Return the part that is the same in every state. Executions of StartSyncExecution are never
    redriven."""
    redrive: dict[str, Any] = {} if identity.sync else {"RedriveCount": redrive_count}
    if redriven_at is not None:
        redrive["RedriveTime"] = iso_time(redriven_at)
    return {
        "Execution": {
            "Id": identity.execution_arn,
            "Input": value,
            "StartTime": iso_time(started_at),
            "Name": identity.name,
            "RoleArn": identity.role_arn,
            **redrive,
        },
        "StateMachine": {"Id": identity.state_machine_arn, "Name": identity.state_machine},
    }


def state_context(name: str, entered_at: float, retry_count: int | None) -> dict[str, Any]:
    """Return the part for the current state; only states that can be retried have a retry count."""
    state = {"Name": name, "EnteredTime": iso_time(entered_at)}
    return state if retry_count is None else {**state, "RetryCount": retry_count}
