"""How the service changes and checks a task's parameters before it schedules the task.

Source: recordings of 2024 and https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asltool.errors import EvaluationError
from asltool.expr.values import dumps
from asltool.syntax.resource import Resource

__all__ = ["compile_request", "unusable"]


def compile_request(resource: Resource) -> Callable[[Any], Any] | None:
    """Return the function that converts a task's parameters before they are sent; None if there is none.

    The function raises `EvaluationError`, ``States.Runtime``, for parameters that cannot be sent.
    """
    if resource.service == "apigateway":
        return _for_api_gateway
    if (resource.service, resource.action) == ("ecs", "runTask.sync"):
        return _for_ecs
    return None


def unusable(parameters: Any, why: str) -> str:
    """Return the service's cause for parameters that cannot be sent."""
    return f"The Parameters '{dumps(parameters)}' could not be used to start the Task: [{why}]"


def _for_api_gateway(parameters: Any) -> Any:
    """Check for missing fields, and for headers and query parameters that are not lists."""
    for field in ("ApiEndpoint", "Method"):
        if not isinstance(parameters, dict) or parameters.get(field) is None:
            why = f"The field '{field}' is required but was missing"
            raise EvaluationError("States.Runtime", unusable(parameters, why))
    for field in ("Headers", "QueryParameters"):
        if not _is_map_of_lists(parameters.get(field)):
            why = f"The value of the field '{field}' has an invalid format"
            raise EvaluationError("States.Runtime", unusable(parameters, why))
    return parameters


def _is_map_of_lists(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict) and all(isinstance(each, list) for each in value.values())
    )


def _for_ecs(parameters: Any) -> Any:
    """Mark the ECS task as the service does, to recognize its end."""
    return {"StartedBy": "AWS Step Functions", **parameters} if isinstance(parameters, dict) else parameters
