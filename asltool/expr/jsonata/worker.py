"""The worker of `sandbox`: a program that evaluates one job after another, with hard limits.

A message is a length of eight bytes followed by a value in marshal's format. The first message lists the
folders of the engines' libraries, and its answer means that the worker is ready. Every other message is a
job, with the answer ``(True, value)`` or ``(False, code, sentence)``. No answer means that the process died:
it ran out of memory, or used up its processor time, which the operating system measures. Neither depends on
the load of the machine.
"""

from __future__ import annotations

import contextlib
import faulthandler
import marshal
import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from typing import IO, Any

_MEMORY = 512 << 20
"""Bytes of address space, where the operating system can limit it (Linux)."""

_MEMORY_PER_BYTE = 16
"""Additional address space for each byte of a job that is larger than the service allows."""

_LARGEST = 8_000_000
"""The largest answer in bytes; four times the size of the job, if that is more.

The service was seen to return a text of 2^22 characters and to refuse one of 2^23.
"""


def main(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer messages until the other process ends."""
    _load_asltool()
    # At the end, so that nothing in these folders replaces a standard module.
    sys.path += [folder for folder in _receive(requests) if folder not in sys.path]
    from asltool.expr.jsonata import job as _  # noqa: F401  # Fails now or never.

    sys.setrecursionlimit(10_000)
    _send(answers, marshal.dumps(True))
    while length := int.from_bytes(requests.read(8), "big"):
        _limit_memory(length)
        message = marshal.loads(requests.read(length))
        with _limited_time(message[-2][0] / 1000):
            answer = _answer(message, max(_LARGEST, 4 * length))
        _send(answers, answer)


def _load_asltool() -> None:
    """Make the package of this file importable, but nothing else beside it."""
    package = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    spec = spec_from_file_location("asltool", os.path.join(package, "__init__.py"))
    assert spec is not None
    assert spec.loader is not None
    sys.modules["asltool"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)


def _receive(requests: IO[bytes]) -> Any:
    return marshal.loads(requests.read(int.from_bytes(requests.read(8), "big")))


def _send(answers: IO[bytes], answer: bytes) -> None:
    answers.write(len(answer).to_bytes(8, "big") + answer)
    answers.flush()


def _limit_memory(length: int) -> None:
    try:
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        memory = max(_MEMORY, _MEMORY_PER_BYTE * length)
        soft = memory if most == resource.RLIM_INFINITY else min(memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (soft, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        pass  # On other systems than Linux, only the time is limited.


@contextlib.contextmanager
def _limited_time(seconds: float) -> Iterator[None]:
    """End this process after a processor time, or after a real time if that is not measured (Windows)."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
        signal.setitimer(signal.ITIMER_PROF, 0)
    else:
        faulthandler.dump_traceback_later(20 * seconds, exit=True, file=open(os.devnull, "w"))  # noqa: SIM115
        yield
        faulthandler.cancel_dump_traceback_later()


def _answer(message: Any, largest: int) -> bytes:
    from asltool.expr.jsonata.engines import execute
    from asltool.expr.jsonata.job import TOO_LARGE, EvaluationFailure, EvaluationJob, ExpressionPlan, Limits

    plan, values, context, now, seed, limits, stand_ins = message
    try:
        found = execute(
            EvaluationJob(ExpressionPlan(*plan), values, context, now, seed, Limits(*limits), stand_ins)
        )
        if not isinstance(found, EvaluationFailure):
            answer = marshal.dumps((True, found))
            if len(answer) <= largest:
                return answer
            found = TOO_LARGE
    except MemoryError:
        found = TOO_LARGE
    except ValueError as error:
        found = EvaluationFailure.of("", str(error))
    return marshal.dumps((False, found.code, found.sentence))


if __name__ == "__main__":
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr  # Output of libraries must not mix with the answers.
    main(sys.stdin.buffer, answers)
