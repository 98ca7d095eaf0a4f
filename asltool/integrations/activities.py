"""Activities: tasks that workers poll for, here in threads of the same process.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html
"""

from __future__ import annotations

import hashlib
import json
import time
from queue import Empty, SimpleQueue
from typing import Any

from asltool.driver.callbacks import Callbacks
from asltool.driver.jobs import LATER, Job, Later
from asltool.engine.effects import CallTask, Started
from asltool.expr.values import dumps

__all__ = ["Activity", "ActivityTask", "activity_token"]

POLL = 60.0
"""Seconds that GetActivityTask waits for a task."""


class ActivityTask:
    """A task that a worker has taken: its ``input``, JSON, and its ``token``."""

    def __init__(self, token: str, value: Any, tokens: Callbacks) -> None:
        self.token = token
        self.input = value
        self._tokens = tokens

    def succeed(self, output: Any) -> None:
        """Complete the task; see `Tasks.send_task_success`."""
        self._tokens.send_task_success(self.token, output)

    def fail(self, error: str | None = None, cause: str | None = None) -> None:
        """Fail the task; see `Tasks.send_task_failure`."""
        self._tokens.send_task_failure(self.token, error, cause)

    def heartbeat(self) -> None:
        """Report that the worker is still working; see `Tasks.send_task_heartbeat`."""
        self._tokens.send_task_heartbeat(self.token)


class Activity:
    """The queue of an activity's tasks. Make one with `Tasks.activity`.

    Runs wait for its workers: the clock pauses from when a task is scheduled until it ends.
    """

    def __init__(self) -> None:
        self._jobs: SimpleQueue[Job] = SimpleQueue()

    def get_task(self, worker_name: str | None = None, timeout: float = POLL) -> ActivityTask | None:
        """Return the next task, waiting up to ``timeout`` real seconds; None if there was none.

        ``worker_name`` is the worker's name in the history.
        """
        until = time.monotonic() + timeout
        while True:
            try:
                job = self._jobs.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return None
            token = activity_token(job.call)
            if job.tokens.open(token, job):
                job.report(Started(worker_name))
                return ActivityTask(token, json.loads(dumps(job.call.input)), job.tokens)

    def schedule(self, job: Job) -> Later:
        """The `Work` of a task: add it to the queue."""
        job.in_hands = True
        self._jobs.put(job)
        return LATER


def activity_token(call: CallTask) -> str:
    """Return the token of an activity's task; it is the same if the execution is repeated."""
    return hashlib.sha256(f"{call.execution_arn}#{call.task_id}".encode(errors="replace")).hexdigest()
