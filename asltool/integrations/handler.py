"""Task handlers: their context, and the lookup by Resource."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from fnmatch import fnmatchcase
from functools import cached_property
from threading import Event
from typing import Any, Literal, NamedTuple, get_args

from asltool.driver.jobs import Job
from asltool.errors import TasksError
from asltool.integrations.calls import request_id
from asltool.integrations.lambda_names import function_name

__all__ = ["Handler", "Registered", "Registry", "TaskContext", "Where"]

_MOST_FOUND = 10_000
"""How many lookups are cached: function names may be computed, and differ every time."""


class TaskContext:
    """A handler's second argument: the attributes of Lambda's context object, and some of asltool's.

    ``state`` is the state's name, ``attempt`` 0 for the first try and counts the retries of this visit to the
    state. ``task_token`` is set where the state waits for one, ``credentials`` where it has Credentials.
    ``timeout_seconds`` is None if the state sets no limit. ``cancelled`` is set when the result is no
    longer needed: a long-running blocking handler should check it, an async one is cancelled.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
    """

    function_version = "$LATEST"
    memory_limit_in_mb = "128"
    identity = None
    client_context = None

    def __init__(self, job: Job, function_arn: str | None = None) -> None:
        call = job.call
        self.invoked_function_arn: str = call.resource if function_arn is None else function_arn
        self.state: str = call.state
        self.attempt: int = call.attempt
        self.execution_arn: str = call.execution_arn
        self.task_token: str | None = call.token
        self.credentials: Any = call.credentials
        self.timeout_seconds: float | None = call.timeout_seconds
        self.cancelled: Event = job.cancelled
        self._job = job
        self._began = time.time()
        self._until = None if call.timeout_seconds is None else time.monotonic() + call.timeout_seconds

    @cached_property
    def aws_request_id(self) -> str:
        """The request's ID; it is the same when the run is repeated."""
        return request_id(self._job.call)

    @cached_property
    def function_name(self) -> str:
        """The name of the function or the activity, without the rest of its ARN."""
        return function_name(self.invoked_function_arn)

    @cached_property
    def log_group_name(self) -> str:
        return f"/aws/lambda/{self.function_name}"

    @cached_property
    def log_stream_name(self) -> str:
        day = time.strftime("%Y/%m/%d", time.localtime(self._began))
        return f"{day}/[$LATEST]{self.aws_request_id.replace('-', '')}"

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds left of the task's TimeoutSeconds; Lambda's 15 minutes if it sets none."""
        return 900_000 if self._until is None else max(0, round((self._until - time.monotonic()) * 1000))

    def send_task_success(self, output: Any) -> None:
        """Complete the handler's own task, which waits for its token; see `Tasks.send_task_success`."""
        self._job.tokens.send_task_success(self.task_token, output)

    def send_task_failure(self, error: str | None = None, cause: str | None = None) -> None:
        """Fail the handler's own task, which waits for its token; see `Tasks.send_task_failure`."""
        self._job.tokens.send_task_failure(self.task_token, error, cause)

    def send_task_heartbeat(self) -> None:
        """Report that the handler is still working: the task's HeartbeatSeconds restart."""
        self._job.heartbeat()


Handler = Callable[[Any, TaskContext], Any]
"""``handler(event, context)``: takes the task's input and returns its result, both JSON; may be async."""


Where = Literal["here", "cluster"]
"""Where a handler runs: in the process of the run, or on the cluster of the run if it has one."""


class Registered(NamedTuple):
    """A handler, whether it is async, and where it runs."""

    handler: Handler
    is_async: bool
    where: Where = "here"


class Registry:
    """Handlers by their patterns; see `Tasks.handler`."""

    def __init__(self) -> None:
        self.handlers: dict[str, Registered] = {}
        self._found: dict[tuple[str, str], Registered | None] = {}

    def add(self, pattern: str, handler: Handler, where: Where = "here") -> None:
        """Register a handler.

        Raises:
            TasksError: it is not a function, or the pattern already has a handler.
        """
        if where not in get_args(Where):
            raise TasksError(f'a handler cannot run in "{where}": expected where="here" or where="cluster"')
        if not callable(handler):
            raise TasksError(f'the handler for "{pattern}" is a {type(handler).__name__}, not a function')
        if pattern in self.handlers:
            raise TasksError(f'"{pattern}" already has a handler: {_name(self.handlers[pattern].handler)}')
        self.handlers[pattern] = Registered(handler, _is_async(handler), where)
        self._found.clear()

    def find(self, resource: str, state: str) -> Registered | None:
        """Return the handler for this Resource or for the state's name; None if none matches.

        Results are cached.
        """
        key = resource, state
        if key in self._found:
            return self._found[key]
        if len(self._found) >= _MOST_FOUND:
            self._found.clear()
        found = self._found[key] = self._find(resource, state)
        return found

    def _find(self, resource: str, state: str) -> Registered | None:
        names = (resource, function_name(resource))
        for name in (*names, state):
            if name in self.handlers:
                return self.handlers[name]
        for pattern, registered in self.handlers.items():
            if any(fnmatchcase(name, pattern) for name in names):
                return registered
        return None


def _is_async(handler: Handler) -> bool:
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(type(handler).__call__)


def _name(handler: Handler) -> str:
    return getattr(handler, "__qualname__", repr(handler))
