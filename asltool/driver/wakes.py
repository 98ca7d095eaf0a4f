"""The next timers of executions: the heap of a `Fleet`."""

from __future__ import annotations

import heapq
from collections.abc import Set

from asltool.driver.live import LiveExecution

__all__ = ["Wakes"]

_FEW = 1_000


class Wakes:
    """Each execution has the time of its next timer; ``live`` are those that have not ended.

    Call only if the ``heap`` is not empty.
    """

    def __init__(self, live: Set[LiveExecution]) -> None:
        self._live = live
        self.heap: list[tuple[float, int, LiveExecution]] = []

    def set(self, live: LiveExecution, wake_at: float) -> None:
        """Set an execution's next timer, and remove those that have ended if there are many."""
        if len(self.heap) > 2 * len(self._live) + _FEW:
            self.heap = [wake for wake in self.heap if wake[2] in self._live]
            heapq.heapify(self.heap)
        heapq.heappush(self.heap, (wake_at, live.number, live))

    def next(self) -> float | None:
        """Return the time of the earliest timer."""
        while self.heap:
            wake_at, _, live = self.heap[0]
            if live in self._live and live.execution.wake_at == wake_at:
                return wake_at
            heapq.heappop(self.heap)
        return None

    def take(self) -> LiveExecution:
        """Remove and return the execution with the earliest timer."""
        _, _, live = heapq.heappop(self.heap)
        live.wake_at = None
        return live
