"""Runs the work of tasks: at once, in threads, or on one event loop."""

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
from asltool.driver.jobs import (
    Handover,
    Integration,
    Job,
    OnCluster,
    ScriptedOutcomes,
    find_work,
    parts,
    perform,
    perform_async,
)
from asltool.driver.ports import Answer, Broken, Capacity
from asltool.driver.threads import Threads
from asltool.engine.effects import AskAgain, CallTask, Failed, Outcome, Submitted, Succeeded
from asltool.engine.map_io import Chunk
from asltool.errors import NoAnswer, NoHandler
from asltool.syntax.resource import Resource

__all__ = ["MAX_WORKERS", "ChildWorkers", "Workers"]

MAX_WORKERS = 32
"""The default number of blocking functions that run at the same time."""

_ENDS = (Succeeded, Failed, AskAgain)
"""Outcomes after which a call no longer belongs to this job."""

_Answered = tuple[int, Job, Answer | BaseException | None, bool]
"""(ticket, job, the report, whether the job's function has returned)"""


class ChildWorkers(Capacity, Protocol):
    """Runs children of map runs in other processes.

    ``run_task`` is optional: the async work of tasks that run on a cluster.
    """

    def prepare(self) -> None:
        """Called in the thread of the run, before `run`."""

    async def run(self, job: Job) -> Outcome:
        """Run the `Chunk` that is the job's input; succeed with its `ChunkEnd`."""


class Workers:
    """The driver's `TaskPort`: passes each call to the first integration that supports it.

    A blocking function runs in the caller's own thread if nothing else is running, so that debuggers and
    thread-bound resources work as in a plain call; so do functions that take no time. All others run in one
    of ``max_workers`` threads. Coroutines share one event loop. Close it, or use it in ``with``.

    ``patient``: whether to wait for answers from anywhere, such as task tokens sent by another thread.
    Otherwise it waits only for its own functions and for workers that have a job in hand. ``tokens`` are the
    open task tokens, by default of this run only. ``elsewhere`` runs children in other processes.
    """

    def __init__(
        self,
        *integrations: Integration,
        max_workers: int = MAX_WORKERS,
        patient: bool = False,
        tokens: Callbacks | None = None,
        elsewhere: ChildWorkers | None = None,
    ) -> None:
        self._elsewhere = elsewhere
        self._on_cluster: Callable[[Job], Any] | None = getattr(elsewhere, "run_task", None)
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
        self._reports: SimpleQueue[_Answered] = SimpleQueue()
        self._stirred: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        return bool(self._flying) or not self._reports.empty()

    def listen(self, stirred: Callable[[], None]) -> None:
        self._stirred = stirred

    def in_flight(self, ticket: int) -> bool:
        return ticket in self._flying

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        self._resting.pop(ticket, None)
        work = find_work(self._integrations, call)
        if work is None:
            raise NoHandler(call.resource, call.state, "an integration that does it")
        if isinstance(work, OnCluster):
            work = work.work if self._on_cluster is None else self._on_cluster
        job = Job(call, lambda outcome: self._report(ticket, job, outcome, returned=False), self._tokens)
        self._jobs[ticket] = job
        self._flying.add(ticket)
        if call.token is not None:
            self._tokens.open(call.token, job)
        if isinstance(work, ScriptedOutcomes):
            job.scripted = True
            for outcome in work.outcomes:
                if work.heard is not None:
                    work.heard(outcome)
                job.report(outcome)
            self._report(ticket, job, None, returned=True)
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
        while self._flying or not self._reports.empty():
            rest = None if until is None else max(0.0, until - time.monotonic())
            outcomes = self._take(rest)
            if outcomes or rest == 0:
                return outcomes
        if until is None:
            waiting = [job for job in self._jobs.values() if job.token is not None]
            raise NoAnswer([job.call.state for job in waiting or self._jobs.values()])
        return []

    def close(self) -> None:
        """Cancel running coroutines; threads end after their current function."""
        for ticket, job in list(self._jobs.items()):
            if ticket in self._resting:
                self._drop(ticket, job)
            else:
                self.cancel(ticket)
        self._loop.close()
        self._threads.close()

    def _stop(self, call: CallTask) -> None:
        """Poll a waiting job once more, with its outcome marked as no longer needed."""
        work = find_work(self._integrations, call)
        if isinstance(work, OnCluster):
            work = work.work
        job = Job(call, lambda outcome: None, self._tokens)
        job.cancelled.set()
        if inspect.iscoroutinefunction(work):
            self._loop.submit(perform_async(job, work)).result()
        elif callable(work):
            perform(job, work)

    def _report(
        self, ticket: int, job: Job, report: Answer | BaseException | None, *, returned: bool
    ) -> None:
        self._reports.put((ticket, job, report, returned))
        if self._stirred is not None:
            self._stirred()

    def _take(self, seconds: float | None) -> list[tuple[int, Answer]]:
        """Return the reports, waiting up to this many seconds for the first."""
        outcomes = list[tuple[int, Answer]]()
        try:
            report = self._reports.get(timeout=seconds)
            while True:
                self._note(outcomes, *report)
                report = self._reports.get_nowait()
        except Empty:
            return outcomes

    def _note(
        self,
        outcomes: list[tuple[int, Answer]],
        ticket: int,
        job: Job,
        report: Answer | BaseException | None,
        returned: bool,
    ) -> None:
        """Update a job, and add its outcomes.

        An end reported while the job's function is still running is held until it returns.
        """
        if self._jobs.get(ticket) is not job:
            return
        if isinstance(report, Exception):
            report = Broken(report)
        if isinstance(report, BaseException):
            raise report
        if returned:
            report = job.ended or report
            job.returned = True
            self._coroutines.pop(ticket, None)
            if job.scripted or not (job.in_hands or self._patient):
                self._flying.discard(ticket)
        elif not job.returned and isinstance(report, _ENDS):
            job.ended = job.ended or report
            return
        if report is not None:
            outcomes.append((ticket, report))
            if isinstance(report, AskAgain):
                self._rest(ticket, job)
            elif isinstance(report, Succeeded | Failed | Broken):
                self._resting.pop(ticket, None)
                self._drop(ticket, job)
            elif isinstance(report, Submitted):
                job.call = replace(job.call, submitted=report.output)

    def _rest(self, ticket: int, job: Job) -> None:
        """Stop waiting for this job until it is polled again; until then, its token can end it."""
        self._resting[ticket] = job.call
        if job.token is None:
            self._drop(ticket, job)
        else:
            self._flying.discard(ticket)

    def _drop(self, ticket: int, job: Job) -> None:
        """Stop waiting for this job."""
        del self._jobs[ticket]
        self._flying.discard(ticket)
        if job.token is not None:
            self._tokens.close(job)

    def _call(self, ticket: int, job: Job, work: Callable[[Job], Any]) -> None:
        report: Answer | BaseException | None
        try:
            report = perform(job, work)
        except BaseException as problem:  # a bug, so it is raised to the caller of the run
            report = problem
        self._report(ticket, job, report, returned=True)

    async def _await(self, ticket: int, job: Job, work: Callable[[Job], Any]) -> None:
        report: Answer | BaseException | None
        try:
            report = await perform_async(job, work)
        except BaseException as problem:
            report = problem
        self._report(ticket, job, report, returned=True)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
