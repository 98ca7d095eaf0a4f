"""The parameters of a service integration's task, and what becomes of those that cannot be used."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from asltool.engine import requests
from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed
from asltool.expr.environment import Json

__all__ = ["check_fields", "parameters_of", "unusable"]


def parameters_of(call: CallTask) -> dict[str, Any]:
    """Return a task's input, which a service integration needs to be an object.

    Raises:
        TaskFailed: it is none.
    """
    if not isinstance(call.input, dict):
        raise unusable(call.input, "Parameters must be an object")
    return call.input


def check_fields(value: dict[str, Json], known: Collection[str], required: Iterable[str]) -> None:
    """Refuse a field that is unknown, and an object that lacks a required one.

    Raises:
        ValueError: the message is the service's sentence.
    """
    for field in value:
        if field not in known:
            raise ValueError(f'The field "{field}" is not supported by Step Functions')
    for field in required:
        if field not in value:
            raise ValueError(f"The field '{field}' is required but was missing")


def unusable(parameters: Json, why: str) -> TaskFailed:
    """Return what becomes of a task whose parameters cannot be sent, in the service's words."""
    return TaskFailed("States.Runtime", requests.unusable(parameters, why))
