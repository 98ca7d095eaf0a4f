"""Check the context object of a TestState request.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.errors import RequestError
from asltool.syntax.model import State, Task

__all__ = ["check_context"]

_TYPES = {"integer": int, "string": str}

_FIELDS: dict[str, dict[str, str | None]] = {
    "Execution": {
        "Id": "string",
        "Input": None,
        "Name": "string",
        "RedriveCount": "integer",
        "RedriveTime": "string",
        "RoleArn": "string",
        "StartTime": "string",
    },
    "State": {"EnteredTime": "string", "Name": "string", "RetryCount": "integer"},
    "StateMachine": {"Id": "string", "Name": "string"},
    "Task": {"Token": "string"},
}
"""The fields of each part, with their types; None is any JSON."""


def check_context(context: Any, state: State) -> None:
    """Reject a context object that the service does not accept for this state.

    Raises:
        RequestError: ValidationException.
    """
    if not isinstance(context, Mapping):
        raise _refused("Context must be a object")
    for name, part in context.items():
        if name == "Map":
            raise _refused("'Map' field is not supported when mocking a Context object")
        _check_part(name, part)
    if "Task" in context and not (isinstance(state, Task) and state.resource.pattern):
        raise _refused(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or "
            "'.waitForTaskToken' service integration pattern"
        )


def _check_part(name: str, part: Any) -> None:
    if name not in _FIELDS:
        raise _not_allowed(name)
    _check_type(part, "object", name)
    for field, value in (part or {}).items():
        if field not in _FIELDS[name]:
            raise _not_allowed(field)
        wanted = _FIELDS[name][field]
        if wanted is not None:
            _check_type(value, wanted, f"{name}.{field}")


def _check_type(value: Any, wanted: str, path: str) -> None:
    right = isinstance(value, Mapping) if wanted == "object" else type(value) is _TYPES[wanted]
    if value is not None and not right:
        raise _refused(f"{path} must be a {wanted}")


def _not_allowed(field: str) -> RequestError:
    return _refused(f"Field '{field}' is not allowed")


def _refused(message: str) -> RequestError:
    return RequestError("ValidationException", f"Invalid Context object provided: {message}")
