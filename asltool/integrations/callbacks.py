"""Task tokens: tasks that wait until somebody says how they went.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token and
https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
"""

from __future__ import annotations

import json
import re
from threading import Lock
from typing import TYPE_CHECKING, Any

from asltool.engine.effects import Failed, Heartbeat, Outcome, Succeeded
from asltool.errors import InvalidOutput, InvalidToken, TaskTimedOut
from asltool.expr.values import loads

if TYPE_CHECKING:
    from asltool.integrations.jobs import Job

__all__ = ["CALLBACKS", "Callbacks"]

_TOKEN = re.compile(r"[0-9a-f]{64}")
"""What `Frame.token` looks like."""


class Callbacks:
    """The tasks that wait for their tokens. Any thread may answer."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = Lock()

    def open(self, token: str, job: Job) -> bool:
        """Let answers to this token end the job; return whether anybody still wants that."""
        with self._lock:
            if job.cancelled.is_set():
                return False
            job.token = token
            self._jobs[token] = job
            return True

    def close(self, job: Job) -> None:
        """The job has ended, however: answers come too late."""
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
            self._find(token).tell(Heartbeat())

    def _end(self, token: Any, outcome: Outcome) -> None:
        with self._lock:
            self._find(token).tell(outcome)
            del self._jobs[token]

    def _find(self, token: Any) -> Job:
        job = self._jobs.get(token)
        if job is None and isinstance(token, str) and _TOKEN.fullmatch(token):
            raise TaskTimedOut("Task Timed Out: 'Provided task does not exist anymore'")
        if job is None:
            raise InvalidToken("Invalid Token: 'Invalid token'")
        return job


CALLBACKS = Callbacks()
"""Of all runs in this process: tokens are unique, and whoever has one need not know whose it is."""


def _json(output: Any) -> Any:
    try:
        return loads(output) if isinstance(output, str) else loads(json.dumps(output, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as problem:
        hint = """. a text has quotes of its own: '"done"'""" if isinstance(output, str) else ""
        raise InvalidOutput(f"the output is not JSON: {problem}{hint}") from problem
