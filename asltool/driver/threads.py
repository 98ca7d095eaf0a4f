"""A bounded pool of threads that never keeps the process alive."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

__all__ = ["Threads"]


class Threads:
    """Runs jobs in up to ``limit`` threads, started as they are needed.

    The standard library's executor joins its threads when Python exits, so a handler that outlived its task's
    TimeoutSeconds would block the whole command. These are daemon threads.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads: list[Thread] = []
        self._busy = 0

    def submit(self, job: Callable[[], None]) -> None:
        """Run this job as soon as a thread is free. It must not raise."""
        self._busy += 1
        if self._busy > len(self._threads) < self._limit:
            thread = Thread(target=self._work, name="asltool-task", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._jobs.put(job)

    def close(self) -> None:
        """Let every thread end after its current job."""
        for _ in self._threads:
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            self._busy -= 1
