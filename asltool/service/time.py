"""The time of a server."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["ServiceClock", "date"]


class ServiceClock:
    """The real time plus the seconds by which it is ``ahead``.

    ``skips``: if no work of an execution is running, its own time jumps to its next timer.
    """

    def __init__(
        self, *, skips: bool = False, real: Callable[[], float] = time.time, ahead: float = 0.0
    ) -> None:
        self.skips = skips
        self.ahead = ahead
        self._real = real

    def stamp(self) -> float:
        """Return the time as the API shows it, in whole milliseconds."""
        return round(self.now(), 3)

    def now(self) -> float:
        """Return the time in seconds since the epoch."""
        return self._real() + self.ahead

    def jump(self, seconds: float) -> None:
        """Set the time ahead."""
        self.ahead += seconds


def date(seconds: float | None) -> float | None:
    """Return a timestamp as the API shows it: to the millisecond, like those of the events."""
    return None if seconds is None else round(seconds, 3)
