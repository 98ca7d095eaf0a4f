"""Python functions as an integration: a handler is found by the Resource, and called as Lambda calls it."""

from __future__ import annotations

import inspect
from functools import partial

from asltool.engine.effects import CallTask, Outcome, Submitted
from asltool.engine.resources import parse_resource
from asltool.integrations.calls import context_for, event_for, failed, succeeded
from asltool.integrations.jobs import Job, Work
from asltool.integrations.tasks import Handler, Tasks

__all__ = ["Handlers"]


class Handlers:
    """The `Integration` of the functions registered in a `Tasks`."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    def find(self, call: CallTask) -> Work | None:
        handler = self._tasks.find(call.resource, call.state)
        if handler is None:
            return None
        return partial(_await if _is_async(handler) else _call, handler)


def _call(handler: Handler, job: Job) -> Outcome:
    _submit(job)
    try:
        return succeeded(job.call, handler(event_for(job.call), context_for(job.call)))
    except (Exception, SystemExit) as exception:
        return failed(job.call, exception)


async def _await(handler: Handler, job: Job) -> Outcome:
    _submit(job)
    try:
        return succeeded(job.call, await handler(event_for(job.call), context_for(job.call)))
    except (Exception, SystemExit) as exception:
        return failed(job.call, exception)


def _submit(job: Job) -> None:
    """Tell what the service tells when work was accepted; a handler has no response to show."""
    if job.call.submitted is None and parse_resource(job.call.resource).pattern:
        job.tell(Submitted({}))


def _is_async(handler: Handler) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)
