"""API Gateway: one HTTP request to an API, signed if IAM authorizes it.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-api-gateway.html
"""

from __future__ import annotations

from http.client import responses
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed
from asltool.expr.values import dumps, loads, shown
from asltool.integrations.aws.sdk import Sdk, why

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest, AWSResponse

__all__ = ["invoke"]


def invoke(sdk: Sdk, call: CallTask) -> dict[str, Any]:
    """Send the request that a task's input describes, and return the response.

    Raises:
        TaskFailed: the status is not 2xx (``ApiGateway.403``), there was no response, or the input is not a
        request.
    """
    from botocore.exceptions import BotoCoreError
    from botocore.httpsession import URLLib3Session

    request = _request(sdk, call.input)
    if call.input.get("AuthType", "NO_AUTH") != "NO_AUTH":
        _sign(sdk, request)
    try:
        response = URLLib3Session().send(request.prepare())
    except BotoCoreError as problem:
        cause = f"Unable to execute HTTP request: {why(problem)}"
        raise TaskFailed("ApiGateway.SdkClientException", cause) from problem
    if not 200 <= response.status_code < 300:
        raise TaskFailed(f"ApiGateway.{response.status_code}", response.text)
    return _result(response)


def _request(sdk: Sdk, asked: dict[str, Any]) -> AWSRequest:
    """Return the unsigned request. Headers and query parameters are lists of values."""
    from botocore.awsrequest import AWSRequest

    headers = {name: ",".join(map(shown, values)) for name, values in (asked.get("Headers") or {}).items()}
    body = asked.get("RequestBody")
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    return AWSRequest(
        method=asked["Method"],
        url=_url(sdk, asked),
        headers=headers,
        data=None if body is None else dumps(body if asked.get("AllowNullValues") else _without_nulls(body)),
    )


def _url(sdk: Sdk, asked: dict[str, Any]) -> str:
    """A custom endpoint may use plain HTTP; API Gateway does not."""
    scheme = "http" if (sdk.endpoint_url or "").startswith("http:") else "https"
    parts = [asked["ApiEndpoint"], asked.get("Stage"), quote((asked.get("Path") or "").lstrip("/"))]
    query = urlencode(asked.get("QueryParameters") or {}, doseq=True)
    return f"{scheme}://{'/'.join(part for part in parts if part)}" + (f"?{query}" if query else "")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


def _sign(sdk: Sdk, request: AWSRequest) -> None:
    from botocore.auth import SigV4Auth

    SigV4Auth(sdk.credentials(), "execute-api", sdk.region).add_auth(request)


def _result(response: AWSResponse) -> dict[str, Any]:
    headers: dict[str, list[str]] = {}
    for name, value in response.headers.items():
        headers.setdefault(name, []).append(value)
    try:
        body = loads(response.text)
    except ValueError:
        body = response.text
    return {
        "Headers": headers,
        "ResponseBody": body,
        "StatusCode": response.status_code,
        "StatusText": responses.get(response.status_code, ""),
    }
