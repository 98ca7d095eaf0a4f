"""The timers of an execution, earliest first."""

from __future__ import annotations

import heapq
from typing import Literal, get_args

__all__ = ["TASK_TIMERS", "TimerKind", "Timers"]

TimerKind = Literal["wait", "retry", "task", "heartbeat", "poll", "machine"]
"""A Wait, a retry's delay, a task's TimeoutSeconds, HeartbeatSeconds and next poll, the machine's
TimeoutSeconds.
"""

TASK_TIMERS: tuple[TimerKind, ...] = ("task", "heartbeat", "poll")


class Timers:
    """At most one timer of each kind per frame. Timestamps are in seconds since the epoch.

    ``running`` has the active timers, by frame and kind.

    Timers that are due at the same time fire in the order of their frames, so the order does not depend on
    when they were set.
    """

    __slots__ = ("_heap", "running")

    def __init__(self) -> None:
        self.running: dict[tuple[int, TimerKind], float] = {}
        self._heap: list[tuple[float, int, TimerKind]] = []

    def set(self, frame: int, kind: TimerKind, moment: float) -> None:
        self.running[frame, kind] = moment
        heapq.heappush(self._heap, (moment, frame, kind))

    def drop(self, frame: int, *kinds: TimerKind) -> None:
        for kind in kinds:
            self.running.pop((frame, kind), None)

    def drop_all(self, frame: int) -> None:
        self.drop(frame, *get_args(TimerKind))

    def clear(self) -> None:
        if self._heap:
            self.running.clear()
            self._heap.clear()

    @property
    def next(self) -> float | None:
        """The timestamp of the earliest timer."""
        heap = self._heap
        while heap and self.running.get(heap[0][1:]) != heap[0][0]:
            heapq.heappop(heap)
        return heap[0][0] if heap else None

    def due(self, now: float) -> tuple[int, TimerKind] | None:
        """Remove the earliest timer if it is due, and return its frame and kind."""
        moment = self.next
        if moment is None or moment > now:
            return None
        _, frame, kind = heapq.heappop(self._heap)
        del self.running[frame, kind]
        return frame, kind

    def dump(self) -> list[tuple[int, TimerKind, float]]:
        return [(frame, kind, moment) for (frame, kind), moment in sorted(self.running.items())]
