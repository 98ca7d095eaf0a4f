"""Activities: tasks that wait for workers to poll them.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import NamedTuple

from asltool.driver.callbacks import Callbacks
from asltool.driver.jobs import Job
from asltool.engine.effects import CallTask, Effect, Started
from asltool.engine.execution import Execution
from asltool.expr.values import dumps
from asltool.integrations.activities import activity_token
from asltool.service.on_loop import OnLoop

__all__ = ["Activities", "PolledTask"]


class PolledTask(NamedTuple):
    """A task for a worker: its token, and its input as JSON text."""

    token: str
    input: str


class Activities(OnLoop):
    """The `Integration` for activities, which keeps the waiting tasks."""

    def __init__(self, tokens: Callbacks) -> None:
        super().__init__()
        self._tokens = tokens
        self._waiting: defaultdict[str, deque[Job]] = defaultdict(deque)
        self._pollers: defaultdict[str, deque[asyncio.Future[None]]] = defaultdict(deque)
        self._taken: set[str] = set()

    def knows(self, call: CallTask) -> bool:
        return call.resource.events == "Activity"

    def remember(self, execution: Execution, effects: Iterable[Effect]) -> None:
        """Record the tasks that workers took before this process started; no other worker gets them."""
        for effect in effects:
            if isinstance(effect, CallTask) and self.knows(effect) and _is_taken(execution, effect.task_id):
                self._taken.add(activity_token(effect))

    def waiting(self) -> list[CallTask]:
        """Return the tasks that no worker has taken yet."""
        return [job.call for jobs in self._waiting.values() for job in jobs if not job.cancelled.is_set()]

    async def take(self, activity: str, worker: str | None, seconds: float) -> PolledTask | None:
        """Return the next task of an activity; None if there is none within this many real seconds."""
        until = self._loop.time() + seconds
        while (task := self._next(activity, worker)) is None:
            poller = self._loop.create_future()
            self._pollers[activity].append(poller)
            try:
                async with asyncio.timeout_at(until):
                    await poller
            except TimeoutError:
                return None
            finally:
                if not poller.done():
                    self._pollers[activity].remove(poller)
        return task

    def _next(self, activity: str, worker: str | None) -> PolledTask | None:
        waiting = self._waiting[activity]
        while waiting:
            job = waiting.popleft()
            token = activity_token(job.call)
            if self._tokens.open(token, job):
                job.report(Started(worker))
                return PolledTask(token, dumps(job.call.input))
        return None

    def _take(self, job: Job) -> None:
        token, activity = activity_token(job.call), str(job.call.resource)
        if token in self._taken:
            self._taken.discard(token)
            self._tokens.open(token, job)
            return
        self._waiting[activity].append(job)
        pollers = self._pollers[activity]
        while pollers:
            poller = pollers.popleft()
            if not poller.done():
                poller.set_result(None)
                break


def _is_taken(execution: Execution, task_id: int) -> bool:
    return any(
        kind == "ActivityStarted" and previous == task_id
        for kind, previous, *_ in execution.records.after(task_id)
    )
