"""Where Python task handlers run: at once, in threads, or on one event loop."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from types import TracebackType

from asltool.engine.effects import CallTask, Outcome, Submitted
from asltool.engine.resources import parse_resource
from asltool.integrations.calls import context_for, event_for, failed, succeeded
from asltool.integrations.event_loop import EventLoop
from asltool.integrations.tasks import Handler, Tasks
from asltool.integrations.threads import Threads

__all__ = ["MAX_WORKERS", "Workers"]

MAX_WORKERS = 32
"""How many blocking handlers run at the same time, unless told otherwise."""


class Workers:
    """Runs handlers: the engine's `TaskPort` for Python functions. Close it, or use it in ``with``.

    A blocking handler runs in the caller's own thread while nothing else goes on, so that debuggers and
    thread-bound resources work as in a plain call; else in one of ``max_workers`` threads. Async handlers
    share one event loop.
    """

    def __init__(self, tasks: Tasks, max_workers: int = MAX_WORKERS) -> None:
        self._tasks = tasks
        self._threads = Threads(max_workers)
        self._loop = EventLoop()
        self._coroutines: dict[int, Future[None]] = {}
        self._outcomes: SimpleQueue[tuple[int, Outcome]] = SimpleQueue()

    def start(self, call: CallTask, *, alone: bool) -> None:
        handler = self._tasks.find(call.resource, call.state)
        if parse_resource(call.resource).pattern:
            # The service tells that a job or a callback was accepted; a handler has no response to show.
            self._outcomes.put((call.task_id, Submitted({})))
        if _is_async(handler):
            self._coroutines[call.task_id] = self._loop.submit(self._await(handler, call))
        elif alone:
            self._call(handler, call)
        else:
            self._threads.submit(lambda: self._call(handler, call))

    def cancel(self, task_id: int) -> None:
        coroutine = self._coroutines.pop(task_id, None)
        if coroutine is not None:
            coroutine.cancel()

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Outcome]]:
        try:
            outcomes = [self._outcomes.get(timeout=None if seconds is None else max(0.0, seconds))]
        except Empty:
            return []
        while not self._outcomes.empty():
            outcomes.append(self._outcomes.get())
        for task_id, outcome in outcomes:
            if not isinstance(outcome, Submitted):
                self._coroutines.pop(task_id, None)
        return outcomes

    def close(self) -> None:
        """Cancel the coroutines that still run; threads end after the handler they are in."""
        self._loop.close()
        self._threads.close()

    def _call(self, handler: Handler, call: CallTask) -> None:
        try:
            outcome = succeeded(call, handler(event_for(call), context_for(call)))
        except (Exception, SystemExit) as exception:
            outcome = failed(call, exception)
        self._outcomes.put((call.task_id, outcome))

    async def _await(self, handler: Handler, call: CallTask) -> None:
        try:
            outcome = succeeded(call, await handler(event_for(call), context_for(call)))
        except (Exception, SystemExit) as exception:
            outcome = failed(call, exception)
        self._outcomes.put((call.task_id, outcome))

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_async(handler: Handler) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)
