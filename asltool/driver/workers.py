"""Where work is done: at once, in threads, or on one event loop."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Protocol

from asltool.driver.callbacks import Callbacks
from asltool.driver.event_loop import EventLoop
from asltool.driver.jobs import Handover, Integration, Job, Script, find_work, parts, perform, perform_async
from asltool.driver.ports import Answer, Broken
from asltool.driver.threads import Threads
from asltool.engine.effects import AskAgain, CallTask, Failed, Outcome, Submitted, Succeeded
from asltool.engine.map_io import Chunk
from asltool.errors import NoAnswer, NoHandler
from asltool.syntax.resource import Resource

__all__ = ["MAX_WORKERS", "Elsewhere", "Workers"]

MAX_WORKERS = 32
"""How many blocking functions run at the same time, unless told otherwise."""

_ENDS = (Succeeded, Failed, AskAgain)
"""Outcomes after which a call is not this job's any more."""

_Answered = tuple[int, Job, Answer | BaseException | None, bool]
"""(ticket, job, what is told, whether the function that does the job has returned)"""


class Elsewhere(Protocol):
    """Runs children of map runs in other processes."""

    def prepare(self) -> None:
        """Called in the thread of the run, before `run`."""

    async def run(self, job: Job) -> Outcome:
        """Run the `Chunk` that is the job's input; succeed with a list of `EndedChild`."""


class Workers:
    """The driver's `TaskPort`: gives every call to the first integration that knows it, and does the work.

    A blocking function runs in the caller's own thread while nothing else goes on, so that debuggers and
    thread-bound resources work as in a plain call; so does what takes no time; all else runs in one of
    ``max_workers`` threads. Coroutines share one event loop. Close it, or use it in ``with``.

    ``patient``: whether to wait for answers from anywhere, such as task tokens sent by another thread. Else
    it waits for its own functions only, and for those who have a job in hands. ``tokens`` are the task tokens
    that are open; those of this run alone if they are left out. ``elsewhere`` runs children in
    other processes.
    """

    def __init__(
        self,
        *integrations: Integration,
        max_workers: int = MAX_WORKERS,
        patient: bool = False,
        tokens: Callbacks | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._elsewhere = elsewhere
        self._integrations = integrations
        self._tokens = Callbacks() if tokens is None else tokens
        for each in parts(integrations):
            connect: Callable[[Callbacks], None] | None = getattr(each, "connect", None)
            if connect is not None:
                connect(self._tokens)
        self._patient = patient
        self._threads = Threads(max_workers)
        self._loop = EventLoop()
        self._jobs: dict[int, Job] = {}
        self._resting: dict[int, CallTask] = {}
        self._flying: set[int] = set()
        self._coroutines: dict[int, Future[None]] = {}
        self._told: SimpleQueue[_Answered] = SimpleQueue()
        self._stirred: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        return bool(self._flying) or not self._told.empty()

    def listen(self, stirred: Callable[[], None]) -> None:
        self._stirred = stirred

    def in_flight(self, ticket: int) -> bool:
        return ticket in self._flying

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        self._resting.pop(ticket, None)
        work = find_work(self._integrations, call)
        if work is None:
            raise NoHandler(call.resource, call.state, "an integration that does it")
        job = Job(call, lambda outcome: self._tell(ticket, job, outcome, returned=False), self._tokens)
        self._jobs[ticket] = job
        self._flying.add(ticket)
        if call.token is not None:
            self._tokens.open(call.token, job)
        if isinstance(work, Script):
            job.scripted = True
            for outcome in work.outcomes:
                if work.heard is not None:
                    work.heard(outcome)
                job.tell(outcome)
            self._tell(ticket, job, None, returned=True)
        elif inspect.iscoroutinefunction(work):
            self._coroutines[ticket] = self._loop.submit(self._await(ticket, job, work))
        elif alone or isinstance(work, Handover):
            self._call(ticket, job, work)
        else:
            self._threads.submit(partial(self._call, ticket, job, work))

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        assert self._elsewhere is not None
        self._elsewhere.prepare()
        call = CallTask(task_id=ticket, state=chunk.state, resource=Resource(""), input=chunk)
        job = self._jobs[ticket] = Job(call, lambda outcome: None, self._tokens)
        self._flying.add(ticket)
        self._coroutines[ticket] = self._loop.submit(self._await(ticket, job, self._elsewhere.run))

    def cancel(self, ticket: int) -> None:
        job = self._jobs.get(ticket)
        if job is not None:
            job.cancelled.set()
            self._drop(ticket, job)
        coroutine = self._coroutines.pop(ticket, None)
        if coroutine is not None:
            coroutine.cancel()
        resting = self._resting.pop(ticket, None)
        if resting is not None:
            self._stop(resting)

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Answer]]:
        until = None if seconds is None else time.monotonic() + seconds
        while self._flying or not self._told.empty():
            rest = None if until is None else max(0.0, until - time.monotonic())
            outcomes = self._take(rest)
            if outcomes or rest == 0:
                return outcomes
        if until is None:
            waiting = [job for job in self._jobs.values() if job.token is not None]
            raise NoAnswer([job.call.state for job in waiting or self._jobs.values()])
        return []

    def close(self) -> None:
        """Cancel the coroutines that still run; threads end after the function they are in."""
        for ticket, job in list(self._jobs.items()):
            if ticket in self._resting:
                self._drop(ticket, job)
            else:
                self.cancel(ticket)
        self._loop.close()
        self._threads.close()

    def _stop(self, call: CallTask) -> None:
        """Ask once more about a job that is left alone just now, as one that nobody wants."""
        work = find_work(self._integrations, call)
        job = Job(call, lambda outcome: None, self._tokens)
        job.cancelled.set()
        if inspect.iscoroutinefunction(work):
            self._loop.submit(perform_async(job, work)).result()
        elif callable(work):
            perform(job, work)

    def _tell(self, ticket: int, job: Job, told: Answer | BaseException | None, *, returned: bool) -> None:
        self._told.put((ticket, job, told, returned))
        if self._stirred is not None:
            self._stirred()

    def _take(self, seconds: float | None) -> list[tuple[int, Answer]]:
        """Return what has been told, waiting so long for the first."""
        outcomes = list[tuple[int, Answer]]()
        try:
            told = self._told.get(timeout=seconds)
            while True:
                self._note(outcomes, *told)
                told = self._told.get_nowait()
        except Empty:
            return outcomes

    def _note(
        self,
        outcomes: list[tuple[int, Answer]],
        ticket: int,
        job: Job,
        told: Answer | BaseException | None,
        returned: bool,
    ) -> None:
        """Note how far a job is, and add what there is to report.

        An end that is told while the function that does the job still runs waits for its return.
        """
        if self._jobs.get(ticket) is not job:
            return
        if isinstance(told, Exception):
            told = Broken(told)
        if isinstance(told, BaseException):
            raise told
        if returned:
            told = job.ended or told
            job.returned = True
            self._coroutines.pop(ticket, None)
            if job.scripted or not (job.in_hands or self._patient):
                self._flying.discard(ticket)
        elif not job.returned and isinstance(told, _ENDS):
            job.ended = job.ended or told
            return
        if told is not None:
            outcomes.append((ticket, told))
            if isinstance(told, AskAgain):
                self._rest(ticket, job)
            elif isinstance(told, Succeeded | Failed | Broken):
                self._resting.pop(ticket, None)
                self._drop(ticket, job)
            elif isinstance(told, Submitted):
                job.call = replace(job.call, submitted=told.output)

    def _rest(self, ticket: int, job: Job) -> None:
        """Wait for this job no longer, until it is asked about again; its token can end it until then."""
        self._resting[ticket] = job.call
        if job.token is None:
            self._drop(ticket, job)
        else:
            self._flying.discard(ticket)

    def _drop(self, ticket: int, job: Job) -> None:
        """Wait for this job no longer."""
        del self._jobs[ticket]
        self._flying.discard(ticket)
        if job.token is not None:
            self._tokens.close(job)

    def _call(self, ticket: int, job: Job, work: Callable[[Job], Any]) -> None:
        told: Answer | BaseException | None
        try:
            told = perform(job, work)
        except BaseException as problem:  # raised where the run was begun, for it is a bug
            told = problem
        self._tell(ticket, job, told, returned=True)

    async def _await(self, ticket: int, job: Job, work: Callable[[Job], Any]) -> None:
        told: Answer | BaseException | None
        try:
            told = await perform_async(job, work)
        except BaseException as problem:
            told = problem
        self._tell(ticket, job, told, returned=True)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
