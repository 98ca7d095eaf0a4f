"""Worker processes for children of map runs, for CPU-bound handlers.

Functions cannot be sent to another process: each process makes its own handlers with a picklable callable.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from threading import Lock
from types import TracebackType

from asltool.driver.children import Room, Surroundings
from asltool.driver.jobs import Job
from asltool.driver.lifeline import Lifeline, hold_on
from asltool.engine.effects import Outcome, Succeeded
from asltool.engine.map_io import Chunk, ChunkEnd
from asltool.errors import WorkerError

__all__ = ["Processes"]


class Processes:
    """Runs chunks of children in ``count`` processes. Close it, or use it in ``with``.

    They end with this process, however it ends, and at once if a run stops early or its outcome is no longer
    needed. A chunk whose process is killed begins anew in another one, up to ``tries`` times in all.
    """

    def __init__(self, count: int, surroundings: Surroundings, *, tries: int = 1) -> None:
        self.workers = count
        self._surroundings = surroundings
        self._tries = tries
        self._lifeline = Lifeline()
        self._begun = False
        self._chunks: list[Future[ChunkEnd]] = []
        self._lock = Lock()
        self._pool = self._new_pool()

    def prepare(self) -> None:
        """Start the processes in the run's thread, which outlives them: see `hold_on`."""
        if not self._begun:
            self._begun = True
            for _ in range(self.workers):
                self._submit(_ready)

    def replace(self, surroundings: Surroundings) -> None:
        """Use new processes with these settings; the old ones end with their chunks."""
        self._surroundings = surroundings
        self._replace(self._pool)

    async def run(self, job: Job) -> Outcome:
        """Run a `Chunk`, the job's input, in another process.

        Raises:
            WorkerError: that process has ended.
        """
        for _ in range(self._tries):
            pool, chunk = self._submit(_run_chunk, job.call.input)
            self._chunks.append(chunk)
            try:
                # Shielded, since a broken pool prints errors about futures that were cancelled.
                return Succeeded(await asyncio.shield(asyncio.wrap_future(chunk)))
            except BrokenProcessPool:
                self._replace(pool)
            finally:
                self._chunks = [each for each in self._chunks if not each.done()]
        raise WorkerError(
            f'a process that ran children of Map state "{job.call.state}" was killed, or could not begin.'
            " if the execution has a name, resume it: children that have ended are saved"
        )

    def close(self) -> None:
        """End the processes, at once if they are at work."""
        at_work = not all(chunk.done() for chunk in self._chunks)
        if at_work:
            self._lifeline.let_go()
        self._pool.shutdown(wait=not at_work, cancel_futures=True)
        self._lifeline.let_go()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers,
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._surroundings, self._lifeline.end),
        )

    def _submit(
        self, work: Callable[..., ChunkEnd], *given: Chunk
    ) -> tuple[ProcessPoolExecutor, Future[ChunkEnd]]:
        with self._lock:
            return self._pool, self._pool.submit(work, *given)

    def _replace(self, pool: ProcessPoolExecutor) -> None:
        """Use a new pool instead of this one, unless there is one already."""
        with self._lock:
            if self._pool is pool:
                self._pool, self._begun = self._new_pool(), False
        pool.shutdown(wait=False)

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._lifeline.let_go()
        self.close()


_rooms: list[Room] = []
"""Has one element in a worker process, none elsewhere."""


def _begin(surroundings: Surroundings, lifeline: Connection) -> None:
    hold_on(lifeline)
    # Ctrl-C is meant for the parent process, but reaches both.
    signal.signal(signal.SIGINT, _ignore)
    _rooms.append(Room(surroundings))


def _ignore(number: int, frame: object) -> None:
    """Do nothing. Unlike SIG_IGN, this is not inherited by processes that a handler starts."""


def _ready() -> ChunkEnd:
    """Do nothing: a process starts when there is work."""
    return ChunkEnd([], 0.0, journalled=False)


def _run_chunk(chunk: Chunk) -> ChunkEnd:
    (room,) = _rooms
    return room.run(chunk)
