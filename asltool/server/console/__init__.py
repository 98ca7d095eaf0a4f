"""The console: a page at ``/_asltool/console/`` that shows what happens, live.

- ``files``: static files, and the security headers of all pages
- ``feed``: changes, as server-sent events
- ``listings``, ``runs``, ``live_runs``, ``overlays``, ``stages``, ``triggers``: the data of
  the pages, as JSON

The page makes all changes through the API itself. The modules of `asltool.diagrams.page`
draw.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from asltool.diagrams.page import body, embedded
from asltool.errors import AslToolError
from asltool.server.console import files, listings
from asltool.server.console.feed import Feed
from asltool.server.console.live_runs import LiveRuns
from asltool.server.console.overlays import drawn_coverage, drawn_difference
from asltool.server.console.runs import drawn_machine, listed_findings, some_events
from asltool.server.console.stages import stages
from asltool.server.console.triggers import Triggers, tried
from asltool.service.backend import Backend
from asltool.service.machines import MACHINE, VERSION
from asltool.service.service import Service
from asltool.syntax.document import MachineType

__all__ = ["console_routes"]

_ROOT = "/_asltool/console"


def console_routes(backend: Backend, closing: asyncio.Event) -> list[BaseRoute]:
    """Return the routes of the console; ``closing`` ends its streams."""
    feed = Feed(closing)
    backend.watchers.after.append(feed)
    console = _Console(backend, feed)
    return [
        Route(_ROOT, console.root),
        *(Route(f"{_ROOT}/{path}", files.plain) for path in files.PLAIN),
        Route(f"{_ROOT}/execution", console.execution_page),
        Route(f"{_ROOT}/machine", console.machine_page),
        Route(f"{_ROOT}/events", console.events),
        Route(f"{_ROOT}/api/machines", console.machines),
        Route(f"{_ROOT}/api/executions", console.executions),
        Route(f"{_ROOT}/api/execution", console.execution),
        Route(f"{_ROOT}/api/history", console.history),
        Route(f"{_ROOT}/api/stages", console.stages),
        Route(f"{_ROOT}/api/inputs", console.inputs),
        Route(f"{_ROOT}/api/revisions", console.revisions),
        Route(f"{_ROOT}/api/triggers", console.triggers),
        Route(f"{_ROOT}/api/event", console.event),
        Route(f"{_ROOT}/api/pattern", console.pattern, methods=["POST"]),
        Route(f"{_ROOT}/api/findings", console.findings, methods=["POST"]),
        Route(f"{_ROOT}/api/tasks", console.tasks),
        Route(f"{_ROOT}/{{name:path}}", files.asset),
    ]


class _Console:
    def __init__(self, backend: Backend, feed: Feed) -> None:
        self._backend = backend
        self._feed = feed
        self._runs = LiveRuns()
        self._one_replay = asyncio.Lock()
        backend.watchers.after.append(self._runs)

    @property
    def _service(self) -> Service:
        return self._backend.service

    async def root(self, request: Request) -> Response:
        return RedirectResponse(f"{_ROOT}/")

    # Pages with a diagram, which contain its data.

    async def execution_page(self, request: Request) -> Response:
        row = self._service.conductor.describe(request.query_params.get("arn", ""))
        if row is None:
            return files.missing("There is no such execution.")
        shown = await self._runs.shown(self._service, row)
        return _drawing("execution", shown["execution"]["name"], shown.pop("page"), shown)

    async def machine_page(self, request: Request) -> Response:
        arn = request.query_params.get("arn", "")
        machine = self._service.store.get(MACHINE, arn)
        if machine is None:
            return files.missing("There is no such state machine.")
        name = machine["name"]
        shown = {"arn": arn, "name": name, "type": machine["type"], "status": machine["status"]}
        older, newer = (request.query_params.get(which, "") for which in ("from", "to"))
        digest = self._definition(newer) if newer else machine["definition"]
        compared = self._definition(older) if older else None
        if digest is None or (older and compared is None):
            return files.missing("There is no such version of the state machine.")
        text = self._service.store.definition(digest) or ""
        if compared is not None:
            old = self._service.store.definition(compared) or ""
            page = await asyncio.to_thread(drawn_difference, old, text, name)
        elif "coverage" in request.query_params:
            page = await drawn_coverage(self._service, arn, digest, name)
        else:
            page = await asyncio.to_thread(drawn_machine, text, name, machine["type"])
        return _drawing("machine", name, page, shown)

    def _definition(self, revision: str) -> str | None:
        """Return the hash of the definition of a version, or of the one that an execution ran."""
        version = self._service.store.get(VERSION, revision)
        if version is not None:
            return str(version["definition"])
        row = self._service.store.execution(revision)
        return None if row is None else row.definition

    # JSON.

    async def machines(self, request: Request) -> Response:
        return _json(listings.machines(self._service))

    async def executions(self, request: Request) -> Response:
        try:
            return _json(listings.executions(self._service, request.query_params))
        except ValueError as problem:
            return _json({"message": str(problem)}, 400)

    async def execution(self, request: Request) -> Response:
        row = self._service.conductor.describe(request.query_params.get("arn", ""))
        if row is None:
            return _json({"message": "there is no such execution"}, 404)
        return _json(await self._runs.shown(self._service, row, request.query_params.get("after", "")))

    async def history(self, request: Request) -> Response:
        query = request.query_params
        try:
            begin, end = (max(0, listings.number(query, *each)) for each in (("from", 0), ("to", 100)))
            return _json({"events": some_events(self._service, query.get("arn", ""), begin, end)})
        except ValueError as problem:
            return _json({"message": str(problem)}, 400)
        except KeyError:
            return _json({"message": "there is no such execution"}, 404)

    async def stages(self, request: Request) -> Response:
        query, store = request.query_params, self._service.store
        row = store.execution(query.get("arn", ""))
        steps = [] if row is None else store.log(row.number)
        if row is None or not steps:
            return _json({"message": "the steps of this execution were not saved"}, 404)
        try:
            visit = listings.number(query, "entered"), listings.number(query, "until")
            async with self._one_replay:
                text = store.definition(row.definition) or ""
                return _json({"stages": await asyncio.to_thread(stages, row, text, steps, *visit)})
        except ValueError as problem:
            return _json({"message": str(problem)}, 400)
        except AslToolError as problem:
            return _json({"message": f"the steps cannot be repeated: {problem}"}, 409)

    async def inputs(self, request: Request) -> Response:
        return _json(listings.inputs(self._service, request.query_params.get("machine", "")))

    async def revisions(self, request: Request) -> Response:
        return _json(listings.revisions(self._service, request.query_params.get("machine", "")))

    async def findings(self, request: Request) -> Response:
        text = (await request.body()).decode(errors="replace")
        kind: MachineType = "EXPRESS" if request.query_params.get("type") == "EXPRESS" else "STANDARD"
        return _json({"findings": await asyncio.to_thread(listed_findings, text, kind)})

    async def tasks(self, request: Request) -> Response:
        return _json({"tasks": listings.open_tasks(self._service)})

    async def triggers(self, request: Request) -> Response:
        return _json(await asyncio.to_thread(Triggers.read(self._service).shown))

    async def event(self, request: Request) -> Response:
        found = Triggers.read(self._service).explained(request.query_params.get("id", ""))
        return _json({"message": "this event is no longer known"}, 404) if found is None else _json(found)

    async def pattern(self, request: Request) -> Response:
        try:
            asked = json.loads(await request.body())
            return _json(await asyncio.to_thread(tried, str(asked["pattern"]), str(asked["event"])))
        except (LookupError, RecursionError, TypeError, ValueError):
            return _json({"message": 'expected a JSON object with "pattern" and "event"'}, 400)

    async def events(self, request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after")
        headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
        return StreamingResponse(self._feed.stream(after), media_type="text/event-stream", headers=headers)


def _json(value: Any, status: int = 200) -> Response:
    """Return JSON in ASCII, because strings may have unpaired surrogates."""
    text = json.dumps(value, separators=(",", ":"))
    return Response(text.encode(), status, files.HEADERS, "application/json")


def _drawing(script: str, title: str, page: dict[str, Any] | None, shown: dict[str, Any]) -> Response:
    """Return a page with the diagram of a machine, and a link to further data at ``shown``."""
    if page is None:
        return files.missing("The definition cannot be drawn.")
    values = {name: page[name] for name in ("values", "keys")}
    drawn = {name: part for name, part in page.items() if name not in values}
    parts = {"data": drawn, "values": values, "shown": shown}
    data = "".join(
        f'<script type="application/json" id="{name}">{embedded(value)}</script>\n'
        for name, value in parts.items()
    )
    return files.framed(script, title, body(page["title"]) + data)
