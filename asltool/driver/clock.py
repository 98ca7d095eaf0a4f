"""A clock that jumps: waits cost nothing, and a run's timestamps are the same every time."""

from __future__ import annotations

__all__ = ["VirtualClock"]


class VirtualClock:
    """Stands still until it is told to sleep, and then jumps. Moments are seconds since the epoch.

    ``patient``: no; where it is asked to wait for an answer from elsewhere it jumps to the next timer.
    """

    patient = False

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def sleep_until(self, moment: float) -> None:
        self._now = max(self._now, moment)
