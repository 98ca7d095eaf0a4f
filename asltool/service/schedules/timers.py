"""Fires rules and schedules when they are due.

A firing and the date of the next one are in the same commit, and an execution's name is made from schedule
and time, so a restart neither loses nor repeats a firing.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from asltool.errors import StoreError
from asltool.service.events.documents import RULE, SCHEDULE
from asltool.service.machines import Body
from asltool.service.schedules.due import moment, with_next
from asltool.service.schedules.letters import of_rule, of_schedule

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["ScheduleTimers"]

_LATE = 60.0
"""Seconds after which a rule does not fire any more: their precision is a minute."""

_OLDEST = 86_400
"""Seconds after which a schedule does not fire any more, unless its target says otherwise."""

_LOOKS_EVERY = 30.0
"""Seconds after which a timer looks at the clock again: the machine may have slept."""

_AT_ONCE = 100
"""How many firings are carried out before others have a turn."""

_log = logging.getLogger("asltool.events")

Key = tuple[str, str]


class ScheduleTimers:
    """Fires schedules and rules. Create it in the running event loop; nothing fires before `recover`."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._at: dict[Key, float] = {}
        self._heap: list[tuple[float, Key]] = []
        self._timer: asyncio.Handle | None = None
        self._committing: asyncio.Task[None] | None = None

    def recover(self) -> None:
        """Fire from now on, including what was due while no server was running."""
        for kind in (RULE, SCHEDULE):
            for row in self._service.store.listed(kind):
                self._note((kind, row.key), row.body)
        self._look()

    def changed(self, kind: str, key: str) -> None:
        """Record that a rule or a schedule has changed or was removed."""
        self._note((kind, key), self._service.store.get(kind, key) or {})
        self._arm()

    def look_again(self) -> None:
        """Fire everything that is due, because the clock has been set ahead."""
        self._look(all_of_it=True)

    def close(self) -> None:
        """Stop firing."""
        if self._timer is not None:
            self._timer.cancel()

    def _note(self, key: Key, body: Body) -> None:
        self._at.pop(key, None)
        if "at" in body:
            self._at[key] = body["at"]
            heapq.heappush(self._heap, (body["at"], key))

    def _arm(self) -> None:
        self.close()
        while self._heap and self._at.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        if self._heap:
            rest = max(0.0, self._heap[0][0] - self._service.clock())
            self._timer = asyncio.get_running_loop().call_later(min(rest, _LOOKS_EVERY), self._look)

    def _look(self, *, all_of_it: bool = False) -> None:
        """Fire what is due; with ``all_of_it``, no matter how late it is."""
        now = self._service.clock()
        for _ in range(_AT_ONCE):
            self._arm()
            if not self._heap or self._heap[0][0] > now:
                return
            _, key = heapq.heappop(self._heap)
            self._fire(key, now, all_of_it=all_of_it)
        self.close()
        self._timer = asyncio.get_running_loop().call_soon(lambda: self._look(all_of_it=all_of_it))

    def _fire(self, key: Key, now: float, *, all_of_it: bool) -> None:
        kind, arn = key
        body = self._service.store.get(kind, arn)
        assert body is not None  # `changed` is called when one is removed
        late = 0.0 if all_of_it else now - body["at"]
        if kind == RULE:
            missed = late > _LATE
            letters = [] if missed else of_rule(body, moment(body["due"]))
        else:
            missed = late > body["Target"].get("RetryPolicy", {}).get("MaximumEventAgeInSeconds", _OLDEST)
            letters = [] if missed else [of_schedule(body, moment(body["due"]), now - late)]
        if missed:
            _log.warning("%s has missed its firing at %s", arn, moment(body["due"]).isoformat())
        self._commit()
        self._go_on(key, body, with_next(body, now if missed and kind == RULE else body["due"]))
        for letter in letters:
            self._service.events.send(letter)

    def _commit(self) -> None:
        """Commit the firings soon, even if they start nothing."""
        if self._committing is None:
            self._committing = asyncio.get_running_loop().create_task(self._committed())

    async def _committed(self) -> None:
        """Commit earlier firings; the conductor reports a failure."""
        self._committing = None
        with suppress(StoreError, RuntimeError):
            await self._service.conductor.committed()

    def _go_on(self, key: Key, body: Body, following: Body) -> None:
        """Store the next firing; a schedule without one may be deleted."""
        kind, arn = key
        if "at" not in following and body.get("ActionAfterCompletion") == "DELETE":
            self._service.store.remove(kind, arn)
        else:
            self._service.store.put(kind, arn, following)
        self._note(key, following)
