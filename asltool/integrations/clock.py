"""The real clock."""

from __future__ import annotations

import time

__all__ = ["RealClock"]


class RealClock:
    """Waits for real. Moments are seconds since the epoch.

    ``patient``: yes; runs wait for answers from anywhere, such as task tokens sent by another program.
    """

    patient = True

    def now(self) -> float:
        return time.time()

    def sleep_until(self, moment: float) -> None:
        # A system clock that is set back would make one long sleep come back early.
        while (rest := moment - time.time()) > 0:
            time.sleep(rest)
