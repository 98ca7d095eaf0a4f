"""The errors that the service itself reports.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from asltool.syntax.placeholders import has_placeholder

__all__ = ["KNOWN_ERRORS", "is_unknown_error"]

KNOWN_ERRORS = (
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.Http.Socket",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
)

_STATUS = "States.Http.StatusCode."


def is_unknown_error(name: str) -> bool:
    """Return whether a name is reserved for the service but is not one of its errors."""
    return (
        name.startswith("States.")
        and name not in KNOWN_ERRORS
        and not name.startswith(_STATUS)
        and not has_placeholder(name)
    )
