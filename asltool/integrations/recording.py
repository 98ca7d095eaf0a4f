"""Recordings: the inputs and outcomes of a run's tasks, in a readable file that can be replayed.

JSON lines. The first is ``{"asltool": "recording", "version": 1}``. A line with ``state`` is a call with a
number, ``call``. Later lines with that number have its outcomes, in order::

    {"call": 1, "state": "Charge", "attempt": 0, "resource": "arn:...", "input": {"amount": 5}}
    {"call": 1, "failed": {"error": "Payment.Busy", "cause": "try later"}}

``succeeded`` and ``submitted`` hold an output, ``started`` the worker's name or null, ``ask_again`` seconds,
and ``heartbeat`` true. A call without an end timed out, or its run ended first.
"""

from __future__ import annotations

import inspect
from dataclasses import replace
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import Any

from asltool.driver.jobs import (
    LATER,
    Integration,
    Job,
    Later,
    OnCluster,
    ScriptedOutcomes,
    Work,
    find_work,
    perform,
    perform_async,
)
from asltool.driver.ports import Answer
from asltool.engine.dump_outcomes import dump_outcome
from asltool.engine.effects import CallTask, Outcome
from asltool.expr.encodings import ESCAPED
from asltool.expr.values import dumps
from asltool.integrations.handlers import Handlers
from asltool.integrations.integration import is_known
from asltool.integrations.recorded import HEADER
from asltool.integrations.tasks import Tasks

__all__ = ["Recorder"]


class Recorder:
    """An `Integration` that delegates to others, and records the inputs and outcomes of calls.

    Args:
        path: the file; it is overwritten, and is complete up to the last outcome at any time.
        doers: `Tasks` or other integrations that perform the calls, tried in this order.

    If the file can no longer be written, the run continues: the recording stops, and ``problem`` has the
    error.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: str | PathLike[str], *doers: Tasks | Integration) -> None:
        self.path = Path(path)
        self.problem: OSError | None = None
        self._doers: list[Integration] = [Handlers(one) if isinstance(one, Tasks) else one for one in doers]
        self._calls: dict[tuple[str, int], int] = {}
        self._lock = Lock()
        try:
            self.path.write_text(dumps(HEADER) + "\n", encoding="utf-8")
        except OSError as problem:
            # The error of a full disk does not name the file.
            problem.filename = problem.filename or str(self.path)
            raise

    def raise_problem(self) -> None:
        """Raise the error that left the recording incomplete, if there was one.

        Raises:
            OSError: the file could not be written completely.
        """
        if self.problem is not None:
            raise self.problem

    def find(self, call: CallTask) -> Work | None:
        work = find_work(self._doers, call)
        return None if work is None else self._recorded(work, self._number(call))

    def knows(self, call: CallTask) -> bool:
        return is_known(self._doers, call)

    @property
    def parts(self) -> list[Integration]:
        """The integrations that perform the calls."""
        return self._doers

    def _number(self, call: CallTask) -> int:
        """Return the number of this call, a new one unless the call polls earlier work."""
        key = (call.execution_arn, call.task_id)
        if key not in self._calls:
            self._calls[key] = len(self._calls) + 1
            about = {
                "state": call.state,
                "attempt": call.attempt,
                "resource": call.resource,
                "input": call.input,
            }
            self._write({"call": self._calls[key], **about})
        return self._calls[key]

    def _recorded(self, work: Work, number: int) -> Work:
        if isinstance(work, ScriptedOutcomes):
            return replace(work, heard=lambda outcome: self._note(number, outcome))
        do = work.work if isinstance(work, OnCluster) else work

        def call(job: Job) -> Answer | Later:
            job.listen(lambda outcome: self._note(number, outcome, job))
            return self._note(number, perform(job, do), job)

        async def wait(job: Job) -> Answer | Later:
            job.listen(lambda outcome: self._note(number, outcome, job))
            return self._note(number, await perform_async(job, do), job)

        return wait if inspect.iscoroutinefunction(do) else call

    def _note(self, number: int, outcome: Answer | None, job: Job | None = None) -> Answer | Later:
        """Record an outcome, unless it comes too late to count."""
        is_late = job is not None and job.cancelled.is_set()
        if not is_late and isinstance(outcome, Outcome):
            self._write({"call": number, **dump_outcome(outcome)})
        return LATER if outcome is None else outcome

    def _write(self, line: dict[str, Any]) -> None:
        with self._lock:
            if self.problem is None:
                try:
                    with self.path.open("a", encoding="utf-8", errors=ESCAPED) as file:
                        file.write(dumps(line) + "\n")
                except OSError as problem:
                    self.problem = problem
