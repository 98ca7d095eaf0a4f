"""Evaluate in a separate process, which may hang or run out of memory without affecting ours.

The program has one such process, which runs one evaluation after another. It starts with the first expression
that needs it and ends with the program.
"""

from __future__ import annotations

import atexit
import marshal
import os
import subprocess
import sys
import threading
from pathlib import Path

from asltool.expr.environment import Json
from asltool.expr.jsonata import engines
from asltool.expr.jsonata.job import TOO_LARGE, TOO_SLOW, EvaluationFailure, EvaluationJob

__all__ = ["close", "execute"]

_WORKER = Path(__file__).with_name("worker.py")
_TIMED_OUT = (1, -27)
"""The exit statuses of a worker that had no time left: by the clock, and by SIGPROF."""


class _Worker:
    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if not self.ask(marshal.dumps(engines.folders())):
            self.end()
            raise OSError("it ends at once")

    def ask(self, message: bytes) -> bytes:
        """Return the answer; empty if the worker dies."""
        requests, answers = self.process.stdin, self.process.stdout
        assert requests is not None
        assert answers is not None
        requests.write(len(message).to_bytes(8, "big") + message)
        requests.flush()
        return answers.read(int.from_bytes(answers.read(8), "big"))

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


class _Sandbox:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.worker: _Worker | None = None

    def ask(self, message: bytes) -> bytes | EvaluationFailure:
        """Return the worker's answer, or the failure that its death means."""
        with self.lock:
            try:
                worker = self.running()
                if answer := worker.ask(message):
                    return answer
                status = worker.process.wait()
                self.end()
            except OSError as error:
                self.end()
                return EvaluationFailure.of("", f"the process to evaluate it in cannot be used: {error}")
            except BaseException:  # Interrupted: the next message must not get this answer.
                self.end()
                raise
            return TOO_SLOW if status in _TIMED_OUT else TOO_LARGE

    def running(self) -> _Worker:
        if self.worker is None or self.worker.process.poll() is not None:
            self.end()
            self.worker = _Worker()
        return self.worker

    def end(self) -> None:
        if self.worker is not None:
            self.worker.end()
        self.worker = None


_sandbox = _Sandbox()


def execute(job: EvaluationJob) -> Json | EvaluationFailure:
    """Evaluate in the separate process."""
    try:
        message = marshal.dumps((tuple(job.plan), *job[1:-2], tuple(job.limits), job.stand_ins))
    except ValueError as error:
        return EvaluationFailure.of("", str(error))
    answer = _sandbox.ask(message)
    if isinstance(answer, EvaluationFailure):
        return answer
    succeeded, *found = marshal.loads(answer)
    return found[0] if succeeded else EvaluationFailure(*found)


@atexit.register
def close() -> None:
    """End the process; the next expression that needs one starts another."""
    with _sandbox.lock:
        _sandbox.end()


if hasattr(os, "register_at_fork"):
    # A forked process must not use its parent's worker.
    os.register_at_fork(after_in_child=_sandbox.__init__)  # type: ignore[misc]
