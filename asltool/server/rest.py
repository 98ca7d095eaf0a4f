"""AWS's REST-JSON protocol, used by EventBridge Scheduler: find the operation by method and path.

Source: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from asltool.integrations.aws.models import model
from asltool.service.apis import APIS, SCHEDULER
from asltool.service.errors import ServiceError

__all__ = ["is_rest", "located", "operation_of", "status_of"]

_ROOTS = ("/schedules", "/schedule-groups", "/tags")


class _Route(NamedTuple):
    """``query`` maps each parameter to a member of the request, and to the type of its value."""

    method: str
    path: re.Pattern[str]
    query: dict[str, tuple[str, str]]


def is_rest(path: str) -> bool:
    """Return whether a path belongs to an API with this protocol."""
    return path.startswith(_ROOTS)


def operation_of(method: str, path: str) -> tuple[str, str]:
    """Return the API and the operation of a request.

    Raises:
        ServiceError: there is no such operation.
    """
    for operation, route in _routes().items():
        if route.method == method and route.path.fullmatch(path):
            return SCHEDULER, operation
    raise ServiceError("UnknownOperationException", "")


def located(operation: str, path: str, query: bytes) -> dict[str, Any]:
    """Return the members of a request that are in its path and query."""
    route = _routes()[operation]
    found = route.path.fullmatch(path)
    members: dict[str, Any] = {} if found is None else found.groupdict()
    for name, value in parse_qsl(query.decode("latin-1")):
        if name in route.query:
            member, kind = route.query[name]
            if kind == "list":
                members[member] = [*members.get(member, ()), value]
            else:
                members[member] = int(value) if kind == "integer" and value.isdecimal() else value
    return members


def status_of(problem: ServiceError) -> int:
    """Return the HTTP status of an error."""
    shape = model(SCHEDULER)["shapes"].get(problem.code, {})
    status: int = shape.get("error", {}).get("httpStatusCode", 400)
    return status


@cache
def _routes() -> dict[str, _Route]:
    return {operation: _route(operation) for operation in APIS[SCHEDULER]}


def _route(operation: str) -> _Route:
    found, shapes = model(SCHEDULER)["operations"][operation], model(SCHEDULER)["shapes"]
    members = shapes[found["input"]["shape"]]["members"]
    query = {
        inside["locationName"]: (name, shapes[inside["shape"]]["type"])
        for name, inside in members.items()
        if inside.get("location") == "querystring"
    }
    # The last part may be an ARN, which has slashes.
    path = re.sub(r"\{(\w+)\}$", r"(?P<\1>.+)", found["http"]["requestUri"])
    path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
    return _Route(found["http"]["method"], re.compile(path), query)
