"""What a task handler may know about its call, and do about it."""

from __future__ import annotations

import time
from functools import cached_property
from threading import Event
from typing import Any

from asltool.driver.jobs import Job
from asltool.integrations.calls import request_id
from asltool.integrations.functions import function_name

__all__ = ["TaskContext"]


class TaskContext:
    """A handler's second argument. The names are those of Lambda's context object, and some of our own.

    ``state`` is the state's name, ``attempt`` 0 for the first try and counts the retries of this visit to the
    state. ``task_token`` is set where the state waits for one, ``credentials`` where it has Credentials.
    ``timeout_seconds`` is None where the state sets no limit. ``cancelled`` is set once nobody wants the
    result any more: a blocking handler that takes long should look at it, an async one is cancelled.

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
        """The id of the request; it is the same when the run is repeated."""
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
        """End the handler's own task, which waits for its token; see `Tasks.send_task_success`."""
        self._job.tokens.send_task_success(self.task_token, output)

    def send_task_failure(self, error: str | None = None, cause: str | None = None) -> None:
        """Fail the handler's own task, which waits for its token; see `Tasks.send_task_failure`."""
        self._job.tokens.send_task_failure(self.task_token, error, cause)

    def send_task_heartbeat(self) -> None:
        """Tell that the handler is still at work: the task's HeartbeatSeconds begin anew."""
        self._job.heartbeat()
