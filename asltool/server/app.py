"""The application: the API at ``/``, and asltool's own endpoints under ``/_asltool/``."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from asltool.errors import StoreError
from asltool.server import protocol, rest
from asltool.server.console import console_routes
from asltool.server.guard import Guard
from asltool.server.metrics import Metrics
from asltool.server.own import own_routes
from asltool.server.protocol import HttpResponse
from asltool.server.settings import ServerSettings
from asltool.service.backend import Backend
from asltool.service.errors import ServiceError

__all__ = ["make_app"]

_log = logging.getLogger("asltool.server")

_STATUS = {
    "ServiceUnavailable": 503,
    "UnknownOperationException": 404,
}
"""HTTP statuses of errors that are not 400. Source: AWS API reference, "Common Errors"."""

_WAITING = frozenset({"GetActivityTask", "StartSyncExecution"})
"""Operations that may wait long, and are given up when the client is gone."""


def make_app(backend: Backend, settings: ServerSettings, closing: asyncio.Event) -> ASGIApp:
    """Return the ASGI application for this backend; ``closing`` ends long-running requests."""
    metrics = Metrics(backend.counts)
    backend.watchers.after.append(metrics)
    own = Starlette(routes=[*own_routes(backend, settings, metrics), *console_routes(backend, closing)])
    return _App(backend, settings, closing, metrics, own)


class _App:
    def __init__(
        self,
        backend: Backend,
        settings: ServerSettings,
        closing: asyncio.Event,
        metrics: Metrics,
        own: ASGIApp,
    ) -> None:
        self._backend = backend
        self._guard = Guard((*settings.allow_hosts, *_named(settings.host)))
        self._max_body = settings.max_body
        self._closing = closing
        self._metrics = metrics
        self._own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._own(scope, receive, send)
            return
        headers = dict(scope["headers"])
        refusal = self._guard.refusal(headers)
        if refusal is not None:
            await _send(send, protocol.failure(ServiceError("AccessDeniedException", refusal), 403))
        elif rest.is_rest(scope["path"]) or (scope["method"] == "POST" and scope["path"] == "/"):
            begun = perf_counter()
            answer = await self._answer(scope, headers, receive)
            await _send(send, answer)
            if _log.isEnabledFor(logging.DEBUG):
                _log.debug(_told(scope, headers, answer, perf_counter() - begun))
        else:
            await self._own(scope, _limited(receive, self._max_body), send)

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> HttpResponse:
        """Answer a request to one of the APIs."""
        operation, path, by_path = "", scope["path"], rest.is_rest(scope["path"])
        try:
            body = await _body(_limited(receive, self._max_body))
            if by_path:
                api, operation = rest.operation_of(scope["method"], path)
            else:
                api, operation = protocol.operation_of(headers.get(b"x-amz-target", b"").decode("latin-1"))
            caller = protocol.caller_of(
                headers.get(b"authorization", b"").decode("latin-1"), self._backend.service.defaults
            )
            with self._metrics.request(operation):
                request = protocol.request_of(body)
                if by_path:
                    request |= rest.located(operation, path, scope["query_string"])
                call = self._backend.service.call(operation, request, caller, api)
                value = await (self._while_connected(call, receive) if operation in _WAITING else call)
            return protocol.success(value)
        except HTTPException as problem:
            refused = ServiceError("RequestEntityTooLargeException", problem.detail)
            return protocol.failure(refused, problem.status_code)
        except ServiceError as problem:
            status = rest.status_of(problem) if by_path else 400
            return protocol.failure(problem, _STATUS.get(problem.code, status))
        except (StoreError, asyncio.CancelledError):
            # The caller of the server reports the reason once.
            return protocol.failure(_ending(), 503)
        except Exception:
            _log.exception("%s failed inside", operation)
            return protocol.failure(ServiceError("InternalServerError", ""), 500)

    async def _while_connected(self, call: Awaitable[dict[str, Any]], receive: Receive) -> dict[str, Any]:
        """Await a call, and cancel it if the client disconnects or the server closes, so no task is lost."""
        answering = asyncio.ensure_future(call)
        gone = asyncio.ensure_future(_disconnected(receive))
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait((answering, gone, closing), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                raise _ending()
            return answering.result()
        finally:
            for each in (answering, gone, closing):
                each.cancel()


def _ending() -> ServiceError:
    return ServiceError("ServiceUnavailable", "the server is ending")


def _told(scope: Scope, headers: Mapping[bytes, bytes], answer: HttpResponse, seconds: float) -> str:
    """Return the log line of a request: its operation, its status and its duration."""
    target = headers.get(b"x-amz-target", b"").decode("latin-1")
    outcome = "200" if answer.status == 200 else f"{answer.status} {json.loads(answer.body)['__type']}"
    asked = f"{scope['method']} {scope['path']}" if rest.is_rest(scope["path"]) else repr(target)
    return f"{target.partition('.')[2] or asked}  {outcome}, {seconds * 1000:.1f} ms"


def _named(host: str) -> tuple[str, ...]:
    """Return the host names of the listening address; none for a wildcard."""
    return () if host in ("0.0.0.0", "::", "") else (host,)


async def _body(receive: Receive) -> bytes:
    """Return the body of a request.

    Raises:
        ServiceError: the body is incomplete. HTTPException: it is too large.
    """
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ServiceError("RequestAbortedException", "the client has gone")
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _limited(receive: Receive, limit: int) -> Receive:
    """Return a function that receives a body of at most ``limit`` bytes, and rejects a larger one."""
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise HTTPException(413, f"a body has at most {limit} bytes")
        return message

    return limited


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send(send: Callable[[Any], Awaitable[None]], answer: HttpResponse) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})
