"""When which execution is to be woken: the heap of a `Fleet`."""

from __future__ import annotations

import heapq
from collections.abc import Set

from asltool.driver.lines import Line

__all__ = ["Wakes"]

_FEW = 1_000


class Wakes:
    """Each line says when it is to be woken; ``lines`` are those that have not ended.

    Ask only where the ``heap`` is not empty.
    """

    def __init__(self, lines: Set[Line]) -> None:
        self._lines = lines
        self.heap: list[tuple[float, int, Line]] = []

    def set(self, line: Line, wake_at: float) -> None:
        """Note when a line is to be woken, and forget those that have ended if they are many."""
        if len(self.heap) > 2 * len(self._lines) + _FEW:
            self.heap = [wake for wake in self.heap if wake[2] in self._lines]
            heapq.heapify(self.heap)
        heapq.heappush(self.heap, (wake_at, line.number, line))

    def next(self) -> float | None:
        """Return when the first timer of all goes off."""
        while self.heap:
            wake_at, _, line = self.heap[0]
            if line in self._lines and line.execution.wake_at == wake_at:
                return wake_at
            heapq.heappop(self.heap)
        return None

    def take(self) -> Line:
        """Take out the line that `next` is about."""
        _, _, line = heapq.heappop(self.heap)
        line.wake_at = None
        return line
