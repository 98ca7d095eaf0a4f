"""Executions that tasks start: ``states:startExecution``, each an execution of its own in the same store."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from asltool.driver.jobs import Job
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.errors import RequestError, TaskFailed
from asltool.expr.values import shown
from asltool.integrations.calls import request_id
from asltool.integrations.execution_answers import (
    NestedExecution,
    input_text,
    outcome,
    parameters,
    refusal,
    response,
    starts_execution,
)
from asltool.service.arns import read_arn
from asltool.service.checks import check_request
from asltool.service.on_loop import ThroughService
from asltool.service.starting import started

if TYPE_CHECKING:
    from asltool.service.service import Service
    from asltool.store.port import ExecutionRow

__all__ = ["NestedExecutions"]

_LOOKS_EVERY = 1.0
"""Seconds of real time after which a task that waits checks whether it is still needed."""


class NestedExecutions(ThroughService):
    """The `Integration` that starts executions through the service. Create it in the service's event loop."""

    def knows(self, call: CallTask) -> bool:
        return starts_execution(call)

    def _take(self, job: Job) -> None:
        """Start an execution, or find the one that the task started in an earlier process."""
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
            self._keep(_wait(self._service, job, row.arn))


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


def _nested(row: ExecutionRow) -> NestedExecution:
    return NestedExecution(
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
