"""Python functions as an integration: a handler is found by the Resource, and called as Lambda calls it."""

from __future__ import annotations

import inspect
from asyncio import CancelledError
from collections.abc import Mapping
from functools import partial
from typing import Any

from asltool.engine.effects import CallTask, Outcome, Started, Submitted, Succeeded
from asltool.errors import TasksError
from asltool.integrations.calls import context_for, event_for, failed, succeeded
from asltool.integrations.context import TaskContext
from asltool.integrations.jobs import Job, Work
from asltool.integrations.lambda_invoke import Invocation, invocation
from asltool.integrations.tasks import Handler, Tasks, as_tasks

__all__ = ["Handlers"]


class Handlers:
    """The `Integration` of a `Tasks`, or of functions by name: handlers, and activities for workers.

    A handler is found by the function that ``lambda:invoke`` names, and by the Resource.
    """

    def __init__(self, tasks: Tasks | Mapping[str, Handler]) -> None:
        self._tasks = as_tasks(tasks)

    @property
    def names(self) -> list[str]:
        """What the handlers are registered for."""
        return self._tasks.names

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None

    def find(self, call: CallTask) -> Work | None:
        invoked = invocation(call)
        if invoked is not None and (function := self._tasks.find(invoked.arn, call.state)) is not None:
            return _work(function, invoked)
        handler = self._tasks.find(call.resource, call.state)
        if handler is not None:
            return _work(handler, None)
        activity = self._tasks.find_activity(call.resource)
        return None if activity is None else activity.schedule


def _work(handler: Handler, invoked: Invocation | None) -> Work:
    if invoked is not None and invoked.is_dry:
        return lambda job: invoked.response(job.call, Succeeded(None))
    return partial(_await if _is_async(handler) else _call, handler, invoked)


def _call(handler: Handler, invoked: Invocation | None, job: Job) -> Outcome | None:
    if _is_waited_for(job):
        return None
    _begin(job)
    try:
        outcome = succeeded(job.call, handler(*_arguments(job, invoked)))
    except TasksError:
        raise
    except (Exception, SystemExit) as exception:
        outcome = failed(job.call, exception)
    return _answer(job, invoked, outcome)


async def _await(handler: Handler, invoked: Invocation | None, job: Job) -> Outcome | None:
    if _is_waited_for(job):
        return None
    _begin(job)
    try:
        outcome = succeeded(job.call, await handler(*_arguments(job, invoked)))
    except TasksError:
        raise
    except (Exception, SystemExit, CancelledError) as exception:
        outcome = failed(job.call, exception)
    return _answer(job, invoked, outcome)


def _is_waited_for(job: Job) -> bool:
    """Return whether the handler was called before, and only the token is missing."""
    return job.call.waits_for_token and job.call.submitted is not None


def _begin(job: Job) -> None:
    """Tell what the service tells when work begins: a job has a response, an activity a worker."""
    resource = job.call.resource
    if resource.events == "Activity":
        job.tell(Started())
    elif job.call.submitted is None and resource.pattern.startswith("sync"):
        job.tell(Submitted({}))


def _arguments(job: Job, invoked: Invocation | None) -> tuple[Any, TaskContext]:
    if invoked is None:
        return event_for(job.call.input), context_for(job)
    return event_for(invoked.event(job.call)), context_for(job, invoked.arn)


def _answer(job: Job, invoked: Invocation | None, outcome: Outcome) -> Outcome:
    """Return what the service makes of how a handler ended; a token is still to be sent."""
    if invoked is not None:
        outcome = invoked.response(job.call, outcome)
    if job.call.waits_for_token and isinstance(outcome, Succeeded):
        return Submitted({} if outcome.output is None else outcome.output)
    return outcome


def _is_async(handler: Handler) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)
