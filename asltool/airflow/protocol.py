"""Requests to ``asltool serve`` in AWS's JSON 1.0 protocol. Nothing is signed: the server does not check it.

Source: https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asltool.errors import RequestError
from asltool.expr.values import dumps, loads
from asltool.syntax.causes import cause_lines

if TYPE_CHECKING:
    import httpx

__all__ = ["TIMEOUT", "answer", "failure", "parts", "unreachable"]

TIMEOUT = 30.0
"""Seconds until a request fails."""


def parts(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers and the body of a request. An ARN in it gives the account and region."""
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": f"AWSStepFunctions.{operation}",
    }
    arn = next((value for key, value in request.items() if key.endswith("Arn") and key != "roleArn"), None)
    if arn is not None:
        region, account = (arn.split(":") + [""] * 5)[3:5]
        scope = f"{account}/20260101/{region}/states/aws4_request"
        headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}"
    return {"headers": headers, "content": dumps(request).encode("utf-8", "surrogatepass")}


def answer(response: httpx.Response) -> dict[str, Any]:
    """Return the body of a response.

    Raises:
        RequestError: the server rejected the request, or the answer is not from such a server.
    """
    try:
        body = loads(response.text)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RequestError(
            "UnknownServer",
            f"{response.url} answered with status {response.status_code}, but not as asltool serve does",
        )
    if response.is_success:
        return body
    code = str(body.get("__type", response.status_code)).rpartition("#")[2]
    raise RequestError(code, str(body.get("message", "")))


def unreachable(server_url: str, problem: Exception) -> RequestError:
    """Return the error for a server that did not answer."""
    return RequestError("ServerUnreachable", f"{server_url} cannot be reached: {problem}")


def failure(found: Mapping[str, Any]) -> str:
    """Return why an execution, as DescribeExecution returns it, did not succeed."""
    cause = "\n".join(cause_lines(found.get("cause") or ""))
    reason = ": ".join(filter(None, (found.get("error"), cause)))
    return f"execution {found['executionArn']} {found['status']}{reason and f': {reason}'}"
