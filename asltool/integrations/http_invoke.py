"""``http:invoke``: calls of HTTPS APIs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any

from asltool.driver.jobs import Job, Work
from asltool.engine.effects import CallTask
from asltool.errors import MissingExtra, TaskFailed
from asltool.expr.values import dumps, loads, shown
from asltool.integrations.connections import Connection, Connections, TokenRequest
from asltool.integrations.form import ARRAY_FORMATS, form_encoded
from asltool.integrations.http_headers import service_headers, task_headers
from asltool.integrations.parameters import parameters_of, unusable

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx

__all__ = ["HttpInvoke"]

_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_ENCODINGS = ("NONE", "URL_ENCODED")
_BINARY = ("application/octet-stream", "audio/", "image/", "video/")
"""Content types of responses that the service refuses."""
_SECONDS = 60.0
"""Seconds that the service waits for a response."""
_FORM = "application/x-www-form-urlencoded"
_NO_TOKEN = "Events.ConnectionResource.InvalidConnectionState"


class HttpInvoke:
    """The `Integration` that sends the requests of HTTP tasks.

    Without ``connections``, requests are not authorized, whatever their ConnectionArn; with them, a task with
    an unknown connection ends the run. ``transport`` replaces the network in tests.
    """

    def __init__(
        self, connections: Connections | None = None, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._connections = connections
        self._transport = transport
        self._tokens: dict[str, str] = {}
        self._lock = Lock()

    def find(self, call: CallTask) -> Work | None:
        resource = call.resource
        return self._invoke if (resource.service, resource.action) == ("http", "invoke") else None

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None

    def _invoke(self, job: Job) -> dict[str, Any]:
        """Send the request and wait for the response.

        Raises:
            MissingExtra: httpx is not installed.
            TaskFailed: the task does not describe a request, or the response is not a success.
            TasksError: its connection is unknown.
        """
        try:
            import httpx
        except ImportError as problem:
            raise MissingExtra("http:invoke", "http") from problem
        try:
            with httpx.Client(timeout=_SECONDS, transport=self._transport, verify=self._tls) as client:
                return _result(client.send(self._request(job.call, client)))
        except httpx.InvalidURL as problem:
            raise unusable(job.call.input, f"ApiEndpoint: {problem}") from problem
        except httpx.TransportError as problem:
            raise TaskFailed("States.Http.Socket", str(problem)) from problem

    @cached_property
    def _tls(self) -> SSLContext:
        """The slowest part of making a client; the rest is made and closed for each call."""
        import httpx

        return httpx.create_ssl_context()

    def _request(self, call: CallTask, client: httpx.Client) -> httpx.Request:
        url, method = (_text(call, field) for field in ("ApiEndpoint", "Method"))
        if method not in _METHODS:
            raise unusable(call.input, f"Method must be one of {', '.join(_METHODS)}")
        connection = self._connection(call)
        content, content_type = _content(call, connection)
        headers = {} if content_type is None else {"content-type": content_type}
        headers |= _headers(call)
        for given in (connection.headers, self._authorization(connection, client)):
            headers |= {name.lower(): value for name, value in given.items()}
        headers |= service_headers(call.execution_arn.split(":")[3])
        query = {**_object(call, "QueryParameters"), **connection.query}
        parameters = [(name, shown(one)) for name, value in query.items() for one in _several(value)]
        request = client.build_request(method, url, headers=headers, content=content)
        if request.url.scheme not in ("https", "http"):
            raise unusable(call.input, "ApiEndpoint must be a URL that begins with https://")
        request.url = request.url.copy_merge_params(tuple(parameters))
        return request

    def _connection(self, call: CallTask) -> Connection:
        if self._connections is None:
            return Connection()
        where = _object(call, "Authentication") or _object(call, "InvocationConfig")
        if "ConnectionArn" not in where:
            raise unusable(call.input, "The field 'ConnectionArn' is required but was missing")
        return self._connections.find(shown(where["ConnectionArn"]))

    def _authorization(self, connection: Connection, client: httpx.Client) -> dict[str, str]:
        """Return the header with an OAuth connection's access token, which is requested once."""
        if connection.oauth is None:
            return {}
        with self._lock:
            key = connection.oauth.url + dumps(dict(connection.oauth.form))
            if key not in self._tokens:
                self._tokens[key] = _token(connection.oauth, client)
        return {"Authorization": f"Bearer {self._tokens[key]}"}


def _token(asks: TokenRequest, client: httpx.Client) -> str:
    """Get an access token.

    Raises:
        TaskFailed: the response has none.
    """
    response = client.request(
        asks.method,
        asks.url,
        headers={"content-type": _FORM, **asks.headers},
        params=dict(asks.query),
        content=form_encoded(dict(asks.form)),
    )
    answer = _json(response)
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not response.is_success or not isinstance(token, str):
        raise TaskFailed(_NO_TOKEN, f"{asks.url} returned no access token: {_status(response)}")
    return token


def _text(call: CallTask, field: str) -> str:
    text = parameters_of(call).get(field)
    if not isinstance(text, str):
        raise unusable(call.input, f"The value of the field '{field}' must be a STRING")
    return text


def _object(call: CallTask, field: str) -> dict[str, Any]:
    value = parameters_of(call).get(field)
    if not isinstance(value, dict | None):
        raise unusable(call.input, f"The value of the field '{field}' has an invalid format")
    return value or {}


def _headers(call: CallTask) -> dict[str, str]:
    try:
        return task_headers(_object(call, "Headers"))
    except ValueError as problem:
        raise unusable(call.input, str(problem)) from None


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _content(call: CallTask, connection: Connection) -> tuple[str | None, str | None]:
    """Return the request's body and its content type; None if it has none."""
    body, transform = parameters_of(call).get("RequestBody"), _object(call, "Transform")
    if connection.body:
        if not isinstance(body, dict | None):
            raise unusable(call.input, "RequestBody must be an object, since its connection adds to it")
        body = {**(body or {}), **connection.body}
    if body is None:
        return None, None
    encoding = transform.get("RequestBodyEncoding", "NONE")
    if encoding not in _ENCODINGS:
        raise unusable(call.input, f"RequestBodyEncoding must be one of {', '.join(_ENCODINGS)}")
    if encoding == "URL_ENCODED":
        return _form(call, body, transform.get("RequestEncodingOptions") or {}), _FORM
    return (body if isinstance(body, str) else dumps(body)), "application/json"


def _form(call: CallTask, body: Any, options: dict[str, Any]) -> str:
    arrays = options.get("ArrayFormat", "INDICES")
    if arrays not in ARRAY_FORMATS:
        raise unusable(call.input, f"ArrayFormat must be one of {', '.join(ARRAY_FORMATS)}")
    if not isinstance(body, dict):
        raise unusable(call.input, "RequestBody must be an object to be URL_ENCODED")
    return form_encoded(body, arrays)


def _result(response: httpx.Response) -> dict[str, Any]:
    if not response.is_success:
        raise TaskFailed(f"States.Http.StatusCode.{response.status_code}", response.text)
    content_type = response.headers.get("content-type", "")
    if content_type.startswith(_BINARY):
        raise TaskFailed("States.Runtime", f"An answer of the content type {content_type} cannot be used")
    return {
        "Headers": {name: response.headers.get_list(name) for name in response.headers},
        "ResponseBody": _json(response),
        "StatusCode": response.status_code,
        "StatusText": response.reason_phrase,
    }


def _json(response: httpx.Response) -> Any:
    """Return a response's JSON, or else its text."""
    try:
        return loads(response.text)
    except ValueError:
        return response.text


def _status(response: httpx.Response) -> str:
    return f"{response.status_code} {response.reason_phrase}".rstrip()
