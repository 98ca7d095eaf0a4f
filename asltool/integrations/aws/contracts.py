"""What ``.sync`` waits for: how a job is asked after, when it has ended, and how it is stopped.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-sync
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["POLL_SECONDS", "Contract", "HasEnded", "MakeRequest", "by_state"]

POLL_SECONDS = 5.0
"""How long a job is left alone between two questions how it stands, on the engine's clock."""

MakeRequest = Callable[[Any, Any], dict[str, Any]]
"""Makes the parameters of a call, given the task's input and what the service answered when the job began."""

HasEnded = Callable[[Any], bool | None]
"""Tells of a job whether it has ended well; None while it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """How one kind of job is looked after.

    Args:
        request: the parameters of the operation that asks for the state of the job (`Action.polls`).
        job: picks the job out of the answer; it is the task's result, or its cause if it failed.
        ended: tells of the job.
        stop: the operation that ends it early, where the service has one.
        stop_request: its parameters, where they are not those of ``request``.
        gone: whether a job that is not found any more has ended well.
    """

    request: MakeRequest
    job: Callable[[Any], Any] = lambda answer: answer
    ended: HasEnded
    stop: str | None = None
    stop_request: MakeRequest | None = None
    gone: bool = False


def by_state(place: str, well: str, badly: str) -> HasEnded:
    """Tell by a field whether a job has ended.

    ``place`` names the fields on the way to it, with dots between; ``well`` and ``badly`` list the values at
    a good and at a bad end, with spaces between.
    """
    good, bad = well.split(), badly.split()

    def ended(job: Any) -> bool | None:
        state = job
        for field in place.split("."):
            state = state.get(field, {})
        return True if state in good else False if state in bad else None

    return ended
