"""API methods that start machines, like API Gateway with SAM's mapping.

Source: aws-sam-translator 1.115, `model/stepfunctions/events.py`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.expr.values import dumps, loads
from asltool.service.errors import ServiceError

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["API_ROOT", "METHODS", "ApiMethod", "start_by_api"]

API_ROOT = "/_asltool/api/"

METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""Those of API Gateway."""

_PARAMETER = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class ApiMethod:
    """A method of an API. ``names`` are the names of the API; ``method`` may be ``ANY``.

    With ``unescape``, single quotes in a body are allowed; otherwise the mapping would turn them into invalid
    JSON.
    """

    names: tuple[str, ...]
    method: str
    path: str
    machine: str
    unescape: bool

    def fits(self, api: str, method: str, path: str) -> bool:
        parts = self.path.strip("/").split("/")
        pattern = "".join(map(_pattern, parts))
        return (
            api in self.names
            and self.method in ("ANY", method)
            and re.fullmatch(pattern, f"/{path.strip('/')}") is not None
        )


def _pattern(part: str) -> str:
    found = _PARAMETER.fullmatch(part)
    if found is None:
        return f"/{re.escape(part)}"
    return "/.+" if found[2] else "/[^/]+"


async def start_by_api(service: Service, api: str, method: str, path: str, body: str) -> tuple[int, Any]:
    """Start the machine of a request; return the status and the JSON of the response.

    Paths without parameters are preferred. The input is the body, ``{}`` if there is none.
    """
    fitting = [each for each in service.api_methods.values() if each.fits(api, method, path)]
    found = min(fitting, key=lambda each: ("{" in each.path, each.method == "ANY"), default=None)
    if found is None:
        return 403, {"message": "Missing Authentication Token"}
    try:
        given = dumps(loads(body)) if body.strip() else "{}"
    except ValueError as problem:
        return 400, {"message": f"Could not parse request body into json: {problem}"}
    if "'" in given and not found.unescape:
        reason = "a single quote in the body makes invalid JSON of the request to Step Functions"
        return 400, {"message": f'{reason}. set "UnescapeMappingTemplate: true" in the template'}
    try:
        started = await service.call("StartExecution", {"stateMachineArn": found.machine, "input": given})
    except ServiceError as refused:
        return 400, {"__type": refused.code, "message": str(refused)}
    return 200, started
