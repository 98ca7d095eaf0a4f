"""Jobs of ``.sync`` tasks: how a job is polled, when it has ended, and how it is stopped.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["POLL_SECONDS", "Contract", "HasEnded", "MakeRequest", "by_state"]

POLL_SECONDS = 5.0
"""Seconds between two polls of a job, on the engine's clock."""

MakeRequest = Callable[[Any, Any], dict[str, Any]]
"""Makes a call's parameters from the task's input and the response that started the job."""

HasEnded = Callable[[Any], bool | None]
"""Returns whether a job succeeded; None while it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How one kind of job is polled and stopped.

    Args:
        request: the parameters of the operation that polls the job (`Action.polls`).
        job: extracts the job from the response; it becomes the task's result, or its cause if it failed.
        ended: whether the job succeeded.
        stop: the operation that stops it, if the service has one.
        stop_request: its parameters, if they differ from those of ``request``.
        gone: whether a job that no longer exists has succeeded.
    """

    request: MakeRequest
    job: Callable[[Any], Any] = lambda answer: answer
    ended: HasEnded
    stop: str | None = None
    stop_request: MakeRequest | None = None
    gone: bool = False


def by_state(place: str, well: str, badly: str) -> HasEnded:
    """Return a function that decides by a field whether a job has ended.

    ``place`` is the field's dotted path; ``well`` and ``badly`` are the values for success and failure,
    separated by spaces.
    """
    good, bad = well.split(), badly.split()

    def ended(job: Any) -> bool | None:
        state = job
        for field in place.split("."):
            state = state.get(field, {})
        return True if state in good else False if state in bad else None

    return ended
