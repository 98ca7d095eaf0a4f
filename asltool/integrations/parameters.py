"""Check the parameters of service integrations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from asltool.engine import requests
from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed
from asltool.expr.environment import Json

__all__ = ["check_fields", "parameters_of", "unusable"]


def parameters_of(call: CallTask) -> dict[str, Any]:
    """Return a task's input, which must be an object for a service integration.

    Raises:
        TaskFailed: it is not an object.
    """
    if not isinstance(call.input, dict):
        raise unusable(call.input, "Parameters must be an object")
    return call.input


def check_fields(value: dict[str, Json], known: Collection[str], required: Iterable[str]) -> None:
    """Check for unknown and missing fields.

    Raises:
        ValueError: the message is the service's.
    """
    for field in value:
        if field not in known:
            raise ValueError(f'The field "{field}" is not supported by Step Functions')
    for field in required:
        if field not in value:
            raise ValueError(f"The field '{field}' is required but was missing")


def unusable(parameters: Json, why: str) -> TaskFailed:
    """Return the service's failure of a task whose parameters cannot be sent."""
    return TaskFailed("States.Runtime", requests.unusable(parameters, why))
