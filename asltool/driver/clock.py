"""Clocks: a virtual one that skips waits and gives repeatable timestamps, and the real one."""

from __future__ import annotations

import time

from asltool.driver.ports import Clock, SleepingClock

__all__ = ["RealClock", "VirtualClock", "clock_of"]


class VirtualClock:
    """Pauses while tasks run, and jumps to the next timer when none does. Timestamps are in seconds.

    ``patient`` is False: a run waits only for its own functions.
    """

    patient = False

    def __init__(self, start: float) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def until(self, timestamp: float, *, idle: bool) -> float:
        if idle:
            self._now = max(self._now, timestamp)
        return timestamp - self._now


class RealClock:
    """Runs in real time. Timestamps are in seconds since the epoch.

    ``patient`` is True: runs wait for answers from anywhere, such as task tokens sent by another program.
    """

    patient = True

    def now(self) -> float:
        return time.time()

    def until(self, timestamp: float, *, idle: bool) -> float:
        return timestamp - time.time()


class _Sleeping:
    """Adapts a clock that sleeps by itself to one that returns how long to sleep."""

    def __init__(self, clock: SleepingClock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now()

    def until(self, timestamp: float, *, idle: bool) -> float:
        if idle:
            self._clock.sleep_until(timestamp)
        return timestamp - self._clock.now()


def clock_of(clock: Clock | SleepingClock) -> Clock:
    """Return a clock for the driver from either kind of clock."""
    return clock if isinstance(clock, Clock) else _Sleeping(clock)
