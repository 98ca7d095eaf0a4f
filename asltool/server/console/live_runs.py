"""The executions that pages show, cached so that a page gets only what is new since its last request."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.diagrams.labels import visible
from asltool.diagrams.page.content import content_of_run, has_room
from asltool.diagrams.page.run_content import RunContent
from asltool.errors import HistoryError
from asltool.history.events import events
from asltool.history.records import Records
from asltool.history.shape import details_of
from asltool.server.console.listings import open_tasks
from asltool.server.console.runs import drawn_machine, read_definition
from asltool.service.executions import described
from asltool.service.service import Service
from asltool.service.starting import parent_of
from asltool.store.execution_log import ExecutionChange
from asltool.store.port import ExecutionRow

__all__ = ["LiveRuns"]

_KEPT = 8
"""How many executions are kept, those that were asked for last."""

_SMALL = 100
"""The most new events that are read directly; more are read in a thread, which does not block the server."""


class LiveRuns:
    """A watcher of the service that caches the executions that pages show."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, _LiveRun] = OrderedDict()

    def __call__(self, changes: Sequence[ExecutionChange]) -> None:
        for row, records in changes:
            run = self._runs.get(row.arn)
            if run is not None and not (run.number == row.number and run.add(records)):
                del self._runs[row.arn]

    async def shown(self, service: Service, row: ExecutionRow, after: str = "") -> dict[str, Any]:
        """Return an execution: ``execution`` as DescribeExecution shows it, and the data of its page.

        ``page`` has all the data, or ``more`` what is new since ``after``, the ``mark`` of an earlier answer.
        ``waits`` has the states that wait or will be retried, with the remaining seconds; ``open`` the tasks
        that wait for an answer, ``parent`` the ARN of the execution that started this one. ``links`` are the
        ARNs of executions and map runs that visits have started; ``more`` has only new ones.
        """
        conductor, now = service.conductor, service.clock()
        answer = {
            "execution": {**described(row, now, data=False), "blocked": row.blocked, "number": row.number},
            "waits": [
                [visible(sleep.state), sleep.reason, left, sleep.until]
                for sleep, left in conductor.sleeps(row.arn)
            ],
            "open": open_tasks(service, row.arn),
            "parent": parent_of(service, row),
            "now": now,
        }
        shown = await self._of(service, row).shown(after) or await self._new(service, row).shown("")
        return {**answer, **(shown or {})}

    def _of(self, service: Service, row: ExecutionRow) -> _LiveRun:
        run = self._runs.get(row.arn)
        if run is None or run.number != row.number:
            return self._new(service, row)
        self._runs.move_to_end(row.arn)
        return run

    def _new(self, service: Service, row: ExecutionRow) -> _LiveRun:
        run = self._runs[row.arn] = _LiveRun(service, row)
        while len(self._runs) > _KEPT:
            self._runs.popitem(last=False)
        return run


class _LiveRun:
    """The content of one execution's page, and the events that it does not have yet."""

    def __init__(self, service: Service, row: ExecutionRow) -> None:
        self.number = row.number
        self._title = row.arn.split(":", 7)[-1]
        self._text = service.store.definition(row.definition) or ""
        self._epoch = uuid.uuid4().hex[:8]
        self._lock = asyncio.Lock()
        records = service.conductor.records(row.arn)
        self._known = len(records)
        self._pending = [records.part(records.before, self._known)]
        self._page: dict[str, Any] | None = None
        self._content: RunContent | None = None
        self._links: list[list[Any]] = []
        self._linked: set[tuple[int, Any]] = set()

    def add(self, records: Records) -> bool:
        """Add new events; return whether they directly follow the earlier ones."""
        begin, end = records.before, len(records)
        if begin > self._known or (begin == 0 and end > 0):
            return False
        if end > self._known:
            self._pending.append(records.part(self._known, end))
            self._known = end
        return True

    async def shown(self, after: str) -> dict[str, Any] | None:
        """Return the page or what is new in it; None if the page must be created again."""
        async with self._lock:
            pending, self._pending = self._pending, []
            if sum(len(each) - each.before for each in pending) <= _SMALL:
                fits = self._read(pending)
            else:
                fits = await asyncio.to_thread(self._read, pending)
            return self._since(after) if fits else None

    def _since(self, after: str) -> dict[str, Any]:
        content = self._content
        if content is None:
            return {"page": self._page, "links": [], "mark": ""}
        epoch, _, number = after.partition("-")
        mark = f"{self._epoch}-{content.mark}"
        if epoch == self._epoch and number.isdecimal() and int(number) <= content.mark:
            return {"more": content.since(int(number)), "mark": mark}
        values = {"values": [*content.values.rows], "keys": [*content.values.keys]}
        page = {**(self._page or {}), **values, "run": content.whole()}
        return {"page": page, "links": [*self._links], "mark": mark}

    def _read(self, pending: Sequence[Records]) -> bool:
        """Read new events; return False if the page has no room for them, or the execution had ended."""
        added = [event for records in pending for event in events(records)]
        if self._page is None:
            self._begin(added)
            return True
        if self._content is None or not added:
            return True
        story = self._content.story
        if story.ended:
            return False
        begin = len(story.events)
        story.extend(added)
        self._content.extend()
        self._mark(self._content, begin)
        return has_room(self._content.values)

    def _begin(self, added: list[dict[str, Any]]) -> None:
        found = read_definition(self._text)
        if found is None:
            return
        try:
            highlight = Highlight.from_history(found.machine, added)
        except HistoryError:
            self._page = drawn_machine(self._text, self._title)
            return
        graph = build_graph(found.machine)
        page, self._content = content_of_run(graph, found.machine, highlight, found.value)
        self._page = {"title": self._title, **page}
        assert self._content is not None
        self._content.lists["links"] = self._links
        self._mark(self._content, 0)

    def _mark(self, content: RunContent, begin: int) -> None:
        """Add the links of events from one on, and set a mark.

        A link is the number of a visit, the kind of what it started, and its ARN.
        """
        story = content.story
        for event, owner in zip(story.events[begin:], story.owners[begin:], strict=True):
            details = details_of(event)
            kind, arn = "map run", details.get("mapRunArn")
            if arn is None and details.get("resourceType") == "states" and "output" in details:
                kind, arn = "execution", _started(details["output"])
            if owner is not None and arn is not None and (id(owner), arn) not in self._linked:
                self._linked.add((id(owner), arn))
                self._links.append([content.number_of(owner), kind, arn])
        content.set_mark()


def _started(output: str) -> Any:
    """Return the ARN of the execution in an output, or None."""
    try:
        value = json.loads(output)
    except (ValueError, RecursionError):
        return None
    return value.get("ExecutionArn") if isinstance(value, dict) else None
