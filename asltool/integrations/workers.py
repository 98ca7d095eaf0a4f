"""Where work is done: at once, in threads, or on one event loop."""

from __future__ import annotations

import inspect
import time
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any

from asltool.engine.effects import AskAgain, CallTask, Failed, Outcome, Succeeded
from asltool.errors import NoAnswer, TaskFailed
from asltool.integrations.event_loop import EventLoop
from asltool.integrations.jobs import Integration, Job
from asltool.integrations.tasks import no_handler
from asltool.integrations.threads import Threads

__all__ = ["MAX_WORKERS", "Workers"]

MAX_WORKERS = 32
"""How many blocking functions run at the same time, unless told otherwise."""

_Told = tuple[int, Job, Outcome | Exception | None, bool]
"""(ticket, job, what is told, whether the function that does the job has returned)"""


class Workers:
    """The engine's `TaskPort`: gives every call to the first integration that knows it, and does the work.

    A blocking function runs in the caller's own thread while nothing else goes on, so that debuggers and
    thread-bound resources work as in a plain call; else in one of ``max_workers`` threads. Coroutines share
    one event loop. Close it, or use it in ``with``.
    """

    def __init__(self, *integrations: Integration, max_workers: int = MAX_WORKERS) -> None:
        self._integrations = integrations
        self._threads = Threads(max_workers)
        self._loop = EventLoop()
        self._jobs: dict[int, Job] = {}
        self._flying: set[int] = set()
        self._coroutines: dict[int, Future[None]] = {}
        self._told: SimpleQueue[_Told] = SimpleQueue()

    @property
    def busy(self) -> bool:
        return bool(self._flying) or not self._told.empty()

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        work = next((work for one in self._integrations if (work := one.find(call)) is not None), None)
        if work is None:
            raise no_handler(call)
        job = Job(call, lambda outcome: self._told.put((ticket, job, outcome, False)))
        self._jobs[ticket] = job
        self._flying.add(ticket)
        if inspect.iscoroutinefunction(work):
            self._coroutines[ticket] = self._loop.submit(self._await(ticket, job, work))
        elif alone:
            self._call(ticket, job, work)
        else:
            self._threads.submit(partial(self._call, ticket, job, work))

    def cancel(self, ticket: int) -> None:
        job = self._jobs.pop(ticket, None)
        if job is not None:
            job.cancelled.set()
        self._flying.discard(ticket)
        coroutine = self._coroutines.pop(ticket, None)
        if coroutine is not None:
            coroutine.cancel()

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Outcome]]:
        until = None if seconds is None else time.monotonic() + seconds
        while self.busy:
            rest = None if until is None else max(0.0, until - time.monotonic())
            outcomes = self._take(rest)
            if outcomes or rest == 0:
                return outcomes
        if until is None:
            raise NoAnswer([job.call.state for job in self._jobs.values()])
        return []

    def close(self) -> None:
        """Cancel the coroutines that still run; threads end after the function they are in."""
        self._loop.close()
        self._threads.close()

    def _take(self, seconds: float | None) -> list[tuple[int, Outcome]]:
        """Return what has been told, waiting so long for the first."""
        outcomes = []
        try:
            told = self._told.get(timeout=seconds)
            while True:
                outcomes += self._note(*told)
                told = self._told.get_nowait()
        except Empty:
            return outcomes

    def _note(
        self, ticket: int, job: Job, told: Outcome | Exception | None, returned: bool
    ) -> list[tuple[int, Outcome]]:
        """Note how far a job is; return its outcome, if somebody waits for it."""
        if self._jobs.get(ticket) is not job:
            return []
        if returned:
            self._flying.discard(ticket)
            self._coroutines.pop(ticket, None)
        if isinstance(told, Exception):
            raise told
        if isinstance(told, Succeeded | Failed | AskAgain):
            self._flying.discard(ticket)
            del self._jobs[ticket]
        return [] if told is None else [(ticket, told)]

    def _call(self, ticket: int, job: Job, work: Any) -> None:
        try:
            told = work(job)
        except Exception as problem:
            told = _meaning(problem)
        self._told.put((ticket, job, told, True))

    async def _await(self, ticket: int, job: Job, work: Any) -> None:
        try:
            told = await work(job)
        except Exception as problem:
            told = _meaning(problem)
        self._told.put((ticket, job, told, True))

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _meaning(problem: Exception) -> Outcome | Exception:
    return Failed(problem.error, problem.cause) if isinstance(problem, TaskFailed) else problem
