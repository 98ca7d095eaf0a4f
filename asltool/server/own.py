"""asltool's own endpoints under ``/_asltool/``: health, metrics, the clock, and a reset."""

from __future__ import annotations

from json import JSONDecodeError
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from asltool._version import __version__
from asltool.server.metrics import CONTENT_TYPE, Metrics
from asltool.server.settings import ServerSettings
from asltool.service.backend import Backend
from asltool.service.templates.api_events import API_ROOT, start_by_api

__all__ = ["own_routes"]

_ROOT = "/_asltool/"
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


def own_routes(backend: Backend, settings: ServerSettings, metrics: Metrics) -> list[BaseRoute]:
    """Return the routes of everything that is not the API."""
    own = _Own(backend, settings, metrics)
    return [
        Route("/", own.root),
        Route(_ROOT, own.index),
        Route(f"{_ROOT}health", own.health),
        Route(f"{_ROOT}metrics", own.metrics),
        Route(f"{_ROOT}time", own.time, methods=["GET", "POST"]),
        Route(f"{_ROOT}reset", own.reset, methods=["POST"]),
        Route(f"{API_ROOT}{{api}}/{{path:path}}", own.api, methods=list(_METHODS)),
    ]


class _Own:
    def __init__(self, backend: Backend, settings: ServerSettings, metrics: Metrics) -> None:
        self._backend = backend
        self._settings = settings
        self._metrics = metrics

    async def root(self, request: Request) -> Response:
        return RedirectResponse(_ROOT)

    async def index(self, request: Request) -> Response:
        """Redirect browsers to the console; list the endpoints for other clients."""
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(f"{_ROOT}console/")
        return JSONResponse(
            {
                "asltool": __version__,
                "console": f"{_ROOT}console/",
                "health": f"{_ROOT}health",
                "metrics": f"{_ROOT}metrics",
                "time": f"{_ROOT}time",
            }
        )

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "version": __version__, **self._backend.counts()})

    async def metrics(self, request: Request) -> Response:
        return Response(self._metrics.page(), headers={"content-type": CONTENT_TYPE})

    async def time(self, request: Request) -> Response:
        """Return the time mode; a POST changes it (``mode``) or moves time on (``jump``, seconds)."""
        if request.method == "POST":
            try:
                change = await request.json()
                await self._change_time(change)
            except (JSONDecodeError, UnicodeDecodeError, RecursionError) as problem:
                return _refused(f"the body is not JSON: {problem}")
            except ValueError as problem:
                return _refused(str(problem))
        clock = self._backend.clock
        return JSONResponse({"mode": "skip" if clock.skips else "real", "now": clock.now()})

    async def _change_time(self, change: Any) -> None:
        if not isinstance(change, dict) or not change or change.keys() - {"mode", "jump"}:
            raise ValueError('expected a JSON object with "mode" ("real" or "skip") or "jump" (seconds)')
        mode, jump = change.get("mode"), change.get("jump", 0)
        if mode not in (None, "real", "skip"):
            raise ValueError('"mode" must be "real" or "skip"')
        if isinstance(jump, bool) or not isinstance(jump, int | float) or not 0 <= jump <= _LONGEST_JUMP:
            raise ValueError('"jump" must be a number of seconds that is not negative')
        await self._backend.change_time(skips=None if mode is None else mode == "skip", jump=jump)

    async def api(self, request: Request) -> Response:
        """Start a machine, as a method of an API of a template does."""
        found, body = request.path_params, (await request.body()).decode("utf-8", "replace")
        service = self._backend.service
        status, answer = await start_by_api(service, found["api"], request.method, found["path"], body)
        return JSONResponse(answer, status)

    async def reset(self, request: Request) -> Response:
        if not self._settings.allow_reset:
            return _refused("the server does not take resets. start it with --allow-reset", 403)
        await self._backend.reset()
        return JSONResponse({"status": "ok"})


_LONGEST_JUMP = 100 * 366 * 86400.0
"""A century, in seconds."""


def _refused(message: str, status: int = 400) -> Response:
    return JSONResponse({"message": message}, status)
