"""The children of a map run that other processes run, in chunks sized by time."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from itertools import islice

from asltool.engine.map_io import ChunkEnd
from asltool.engine.map_items import Input
from asltool.engine.map_run import MapRun

__all__ = ["Chunks"]

_SECONDS = 0.5
"""How long a chunk should take: long beside the cost of sending it, short beside a run."""

_LARGEST = 4_096
"""The most children in a chunk, however little time they take."""

_GROWTH = 4
"""By which factor the size of chunks grows at most, since the first children may be quicker than others."""

_PER_WORKER = 2
"""Chunks for each worker: one that runs, and one that waits to be next."""


_MOST_LOSSES = 2
"""How many processes end before the child that runs there, and nothing else anywhere, is to blame."""


class Chunks:
    """``running`` are the running chunks, by the index of their first child.

    ``workers`` is how many chunks can run at the same time; it may change. Each of them runs one child at a
    time, so no more chunks are under way than MaxConcurrency allows children.
    """

    def __init__(self) -> None:
        self.running: dict[int, list[Input]] = {}
        self.workers = 1
        self._size = 1
        self._returned: deque[list[Input]] = deque()
        self._filling: list[Input] = []
        self._suspects: deque[list[Input]] = deque()
        self._suspects_run = False
        self._losses: Counter[int] = Counter()

    def has_room(self, run: MapRun) -> bool:
        """Return whether another chunk may start."""
        return len(self.running) < (1 if self._suspects_run else self._most(run))

    def next(self, given: Iterator[Input], run: MapRun, *, last: bool) -> list[Input]:
        """Return the next chunk, counted as running; empty if there are not enough children for it.

        ``last``: there are no more children than those given.
        """
        if self._returned:
            inputs = self._returned.popleft()
        else:
            inputs = self._fill(given, run, last=last)
            for _, items, _ in inputs:
                run.begin(items)
        if not inputs and last and self._suspects and not self.running:
            inputs, self._suspects_run = self._suspects.popleft(), True
        if inputs:
            self.running[inputs[0][0]] = inputs
        return inputs

    def end(self, first: int, end: ChunkEnd) -> bool:
        """Take a chunk's end, and keep those of its children that have not run; return False if it is
        unknown."""
        inputs = self.running.pop(first, None)
        if inputs is None:
            return False
        many = end.many
        if many:
            size = max(1, round(_SECONDS * many / max(end.seconds, 1e-6)))
            self._size = min(size, max(many, self._size) * _GROWTH, _LARGEST)
        if many < len(inputs):
            self._returned.append(inputs[many:])
        return True

    def lose(self, first: int) -> Input | None:
        """Run the children of a chunk again whose process has ended; return a child that ends every process.

        The chunk is halved until one child is left. The cause may be another child, because processes have
        more than one chunk, so the child runs once more at the end, alone.
        """
        inputs = self.running.pop(first, [])
        half = len(inputs) // 2
        if half:
            self._returned.extendleft([inputs[half:], inputs[:half]])
        elif inputs:
            self._losses[first] += self._suspects_run
            if self._losses[first] == _MOST_LOSSES:
                return inputs[0]
            self._suspects.append(inputs)
        return None

    @property
    def is_idle(self) -> bool:
        """Whether no child is running or returned."""
        return not (self.running or self._returned or self._suspects)

    def take_begun(self) -> list[list[Input]]:
        """Take all chunks that have been counted as running."""
        begun = [*self.running.values(), *self._returned, *self._suspects]
        self.running, self._returned, self._suspects = {}, deque(), deque()
        return begun

    def take_rest(self) -> list[Input]:
        """Take the children that have not been counted as running."""
        rest, self._filling = self._filling, []
        return rest

    def _most(self, run: MapRun) -> int:
        return min(self.workers * _PER_WORKER, run.limit)

    def _fill(self, given: Iterator[Input], run: MapRun, *, last: bool) -> list[Input]:
        size = self._size
        if run.executions.pending:
            # Their number is known. The last chunks are smaller, so that all workers end at the same time.
            size = min(size, max(1, run.executions.pending // (2 * self._most(run))))
        self._filling.extend(islice(given, max(0, size - len(self._filling))))
        if len(self._filling) < size and not last:
            return []
        inputs, self._filling = self._filling[:size], self._filling[size:]
        return inputs
