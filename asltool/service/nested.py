"""Executions that tasks start: ``states:startExecution``, each an execution of its own in the same store."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from asltool.driver.jobs import LATER, Handover, Job, Later, Work
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.errors import RequestError, TaskFailed
from asltool.expr.values import shown
from asltool.integrations.calls import request_id
from asltool.integrations.execution_answers import (
    Nested,
    input_text,
    outcome,
    parameters,
    refusal,
    response,
    starts_execution,
)
from asltool.service.arns import read_arn
from asltool.service.checks import check_request
from asltool.service.starting import started

if TYPE_CHECKING:
    from asltool.service.service import Service
    from asltool.store.port import ExecutionRow

__all__ = ["NestedExecutions"]

_LOOKS_EVERY = 1.0
"""Seconds of real time after which a task that waits looks whether it is still needed."""


class NestedExecutions:
    """The `Integration` that starts executions through the service, once `serve` has named it.

    Make it in the event loop of the service.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._service: Service | None = None
        self._waiting: set[asyncio.Task[None]] = set()

    def serve(self, service: Service) -> None:
        """Start executions through this service from now on."""
        self._service = service

    def find(self, call: CallTask) -> Work | None:
        return Handover(self._schedule) if starts_execution(call) else None

    def knows(self, call: CallTask) -> bool:
        return starts_execution(call)

    def _schedule(self, job: Job) -> Later:
        """Have the loop take the job, from any thread."""
        job.in_hands = True
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._begin, job)
        return LATER

    def _begin(self, job: Job) -> None:
        """Start an execution, or find the one that the task has started before the process began."""
        assert self._service is not None
        call, pattern = job.call, job.call.resource.pattern
        try:
            row = _row(self._service, call)
        except TaskFailed as refused:
            job.report(Failed(refused.error, refused.cause))
            return
        answer = response(call, row.arn, row.started)
        if not pattern:
            job.report(Succeeded(answer))
            return
        job.begin(answer)
        if pattern.startswith("sync"):
            waiting = self._loop.create_task(_wait(self._service, job, row.arn))
            self._waiting.add(waiting)
            waiting.add_done_callback(self._waiting.discard)


def _row(service: Service, call: CallTask) -> ExecutionRow:
    if call.submitted is not None:
        row = service.conductor.describe(call.submitted["ExecutionArn"])
        if row is not None:
            return row
    given = parameters(call)
    names = {"StateMachineArn": "stateMachineArn", "Name": "name", "TraceHeader": "traceHeader"}
    request = {name: shown(given[field]) for field, name in names.items() if given.get(field) is not None}
    try:
        checked = check_request(
            "StartExecution", {"name": request_id(call), **request, "input": input_text(call)}
        )
        return started(service, checked, f"{call.execution_arn}#{call.task_id}")
    except RequestError as refused:
        raise refusal(call, refused.code, str(refused)) from None


async def _wait(service: Service, job: Job, arn: str) -> None:
    """Report how an execution ends. If its outcome is no longer needed, stop it, as the service does."""
    ended = asyncio.ensure_future(service.conductor.ended(arn))
    while not ended.done():
        await asyncio.wait({ended}, timeout=_LOOKS_EVERY)
        if job.cancelled.is_set():
            ended.cancel()
            service.conductor.stop(arn, None, None)
            return
    job.report(outcome(_nested(ended.result()), as_json=job.call.resource.pattern == "sync:2"))


def _nested(row: ExecutionRow) -> Nested:
    return Nested(
        arn=row.arn,
        machine=row.machine,
        name=read_arn(row.arn, "execution", "express").qualifier.partition(":")[0],
        input=row.input,
        started=row.started,
        status=row.status,
        stopped=row.stopped,
        output=row.output,
        error=row.error,
        cause=row.cause,
    )
