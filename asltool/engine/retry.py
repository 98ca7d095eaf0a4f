"""Retry and Catch: which entry matches an error, and how long a retry waits.

Source: https://states-language.net/spec.html#errors and
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from asltool.syntax.model import Retrier

__all__ = ["Failure", "first_match", "retry_delay"]

_TERMINAL = ("States.Runtime",)
"""Errors that end the execution regardless of Retry and Catch."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An error to be matched by Retry and Catch. ``alias`` is a second name that also matches."""

    error: str | None
    cause: str | None = None
    alias: str | None = None

    @property
    def terminal(self) -> bool:
        """Whether it ends the execution at once, wherever it occurs."""
        return self.error in _TERMINAL

    @property
    def output(self) -> dict[str, Any]:
        """The Error Output of a Catcher; a timeout's missing cause is shown as ``""``."""
        cause = "" if self.cause is None and self.error == "States.Timeout" else self.cause
        return {"Error": self.error, "Cause": cause}

    def matches(self, names: Sequence[str]) -> bool:
        """Return whether an ErrorEquals list names this error."""
        if self.terminal:
            return False
        if self.error in names or self.alias in names:
            return True
        return "States.ALL" in names or ("States.TaskFailed" in names and self.error != "States.Timeout")


class _RetrierOrCatcher(Protocol):
    @property
    def error_equals(self) -> tuple[str, ...]: ...


_H = TypeVar("_H", bound=_RetrierOrCatcher)


def first_match(handlers: Sequence[_H], failure: Failure) -> tuple[int, _H] | None:
    """Return the first Retrier or Catcher that names this failure, with its index."""
    for index, handler in enumerate(handlers):
        if failure.matches(handler.error_equals):
            return index, handler
    return None


def retry_delay(retrier: Retrier, attempt: int, uniform: Callable[[], float]) -> float:
    """Return how long to wait before this retry, in seconds.

    Args:
        attempt: 1 for the first retry; retries of other retriers do not count.
        uniform: returns a random number from 0 to 1; called only with ``JitterStrategy: FULL``.

    Returns:
        ``IntervalSeconds * BackoffRate ** (attempt - 1)``, cut at ``MaxDelaySeconds``, then drawn from 0 to
        that under FULL jitter.

    Source: https://states-language.net/spec.html#retrying-after-error
    """
    try:
        delay = retrier.interval_seconds * retrier.backoff_rate ** (attempt - 1)
    except OverflowError:
        delay = float("inf")
    delay = min(delay, retrier.max_delay_seconds or _LONGEST)
    return delay * uniform() if retrier.jitter_strategy == "FULL" else delay


_LONGEST = 31_622_400.0
"""Executions last at most a year; MaxDelaySeconds is always below this."""
