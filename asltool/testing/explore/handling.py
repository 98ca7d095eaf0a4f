"""Errors that match an entry of Retry or Catch."""

from __future__ import annotations

from collections.abc import Sequence

from asltool.engine.retry import Failure, first_match
from asltool.syntax.model import Catcher, Retrier

__all__ = ["DATA_ERRORS", "MISSED_HEARTBEAT", "OWN_ERROR", "meeting"]

DATA_ERRORS = frozenset(
    (
        "States.IntrinsicFailure",
        "States.NoChoiceMatched",
        "States.ParameterPathFailure",
        "States.QueryEvaluationError",
        "States.ResultPathMatchFailure",
        "States.Runtime",
    )
)
"""What a state fails with that cannot read or use its data."""

OWN_ERROR = "Explored.Error"
"""What a task fails with where any error will do."""

MISSED_HEARTBEAT = "States.HeartbeatTimeout"
"""The other name of a timeout for want of heartbeats."""

_ANY = ("States.ALL", "States.TaskFailed")


def meeting(handlers: Sequence[Retrier] | Sequence[Catcher], index: int) -> str | None:
    """Return the name of an error that matches this entry but no earlier one; None if there is none."""
    names = handlers[index].error_equals
    candidates = [Failure(name) for name in names if name not in _ANY]
    if len(candidates) < len(names):
        candidates += [Failure(OWN_ERROR), Failure("States.Timeout")]
    for failure in [*candidates, Failure("States.Timeout", alias=MISSED_HEARTBEAT)]:
        match = first_match(handlers, failure)
        if match is not None and match[0] == index:
            return failure.alias or failure.error
    return None
