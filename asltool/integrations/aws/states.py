"""Executions of other state machines.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from asltool.expr.values import loads
from asltool.integrations.aws.action import AwsAction, AwsService
from asltool.integrations.aws.contracts import Contract, by_state
from asltool.integrations.aws.words import optimized

__all__ = ["STATES"]


def _parsed(execution: Any) -> Any:
    """For ``.sync:2``, input and output are JSON instead of its text."""
    return execution | {name: loads(execution[name]) for name in ("Input", "Output") if name in execution}


def _execution(task: Any, started: Any) -> dict[str, Any]:
    return {"ExecutionArn": started["ExecutionArn"]}


_SYNC = Contract(
    request=_execution,
    ended=by_state("Status", "SUCCEEDED", "FAILED TIMED_OUT ABORTED"),
    stop="StopExecution",
)

STATES = AwsService(
    "stepfunctions",
    optimized("states"),
    {"startExecution": AwsAction(sync=_SYNC, sync_2=replace(_SYNC, job=_parsed))},
)
