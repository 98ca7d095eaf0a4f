"""Task tokens: tasks that wait for an answer from outside.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token and
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from threading import Event, Lock
from typing import Any, Protocol

from asltool.engine.effects import CallTask, Failed, Heartbeat, Outcome, Succeeded
from asltool.errors import InvalidOutput, InvalidToken, TaskTimedOut
from asltool.expr.values import loads

__all__ = ["Callbacks", "Waiting"]

_TOKEN = re.compile(r"[0-9a-f]{64}")
"""Matches the format of `Frame.token`."""


class Waiting(Protocol):
    """The job that an answer ends; see `asltool.driver.jobs.Job`."""

    call: CallTask
    cancelled: Event
    returned: bool
    token: str | None

    @property
    def report(self) -> Callable[[Outcome], object]:
        """Report an outcome."""


class Callbacks:
    """The task tokens of one or several runs. Any thread may answer."""

    def __init__(self) -> None:
        self._jobs: dict[str, Waiting] = {}
        self._lock = Lock()

    def __contains__(self, token: object) -> bool:
        return token in self._jobs

    def open_tasks(self) -> list[tuple[str, CallTask]]:
        """Return the tasks that an answer would end, with their tokens."""
        with self._lock:
            return [(token, job.call) for token, job in self._jobs.items()]

    def open(self, token: str, job: Waiting) -> bool:
        """Let answers to this token end the job; return False if its outcome is no longer needed."""
        with self._lock:
            if job.cancelled.is_set():
                return False
            job.token = token
            self._jobs[token] = job
            return True

    def close(self, job: Waiting) -> None:
        """Forget a job that has ended: answers to it come too late."""
        with self._lock:
            if job.token is not None and self._jobs.get(job.token) is job:
                del self._jobs[job.token]

    def send_task_success(self, token: Any, output: Any) -> None:
        """See `Tasks.send_task_success`."""
        self._end(token, Succeeded(_json(output)))

    def send_task_failure(self, token: Any, error: str | None, cause: str | None) -> None:
        """See `Tasks.send_task_failure`."""
        self._end(token, Failed(error, cause))

    def send_task_heartbeat(self, token: Any) -> None:
        """See `Tasks.send_task_heartbeat`."""
        with self._lock:
            self._find(token).report(Heartbeat())

    def _end(self, token: Any, outcome: Outcome) -> None:
        with self._lock:
            self._find(token).report(outcome)
            del self._jobs[token]

    def _find(self, token: Any) -> Waiting:
        job = self._jobs.get(token)
        if job is None and isinstance(token, str) and _TOKEN.fullmatch(token):
            raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'")
        if job is None:
            raise InvalidToken("Invalid Token: 'Invalid token'")
        return job


def _json(output: Any) -> Any:
    try:
        return loads(output) if isinstance(output, str) else loads(json.dumps(output, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as problem:
        hint = """. a string needs quotes of its own: '"done"'""" if isinstance(output, str) else ""
        raise InvalidOutput(f"the output is not JSON: {problem}{hint}") from problem
