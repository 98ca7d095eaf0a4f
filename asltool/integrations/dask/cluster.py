"""Sends children of map runs to the workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import math
import pickle
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from itertools import count
from types import TracebackType
from typing import Any
from uuid import uuid4

import cloudpickle
from distributed import KilledWorker
from distributed.client import FutureCancelledError
from distributed.comm.core import CommClosedError
from distributed.scheduler import NoValidWorkerError, NoWorkerError

from asltool.driver.children import Surroundings
from asltool.driver.jobs import LATER, Job, Later
from asltool.driver.ports import Answer, Broken
from asltool.engine.effects import Failed, Outcome, Succeeded
from asltool.engine.map_io import Chunk, ChunkEnd
from asltool.errors import TaskFailed, WorkerError
from asltool.integrations.dask.connecting import connect
from asltool.integrations.dask.on_worker import run_chunk, run_task, versions

__all__ = ["DaskCluster"]

_COUNTED = 2.0
"""Seconds after which the workers are counted again, since clusters grow and shrink."""


_RESUME = "if the execution has a name, resume it: children that have ended are saved"

_numbers = count()


class DaskCluster:
    """The `ChildWorkers` of a Dask cluster. Close it, or use it in ``with``; see `connect` for ``cluster``.

    ``running`` counts the chunks under way, by the ARN of their map run.

    Raises:
        OptionError, WorkerError: see `connect`.
    """

    def __init__(self, cluster: Any, surroundings: Surroundings) -> None:
        self.replace(surroundings)
        self.running: Counter[str] = Counter()
        with ExitStack() as stack:
            self._client = connect(stack, cluster)
            self._address = self._client.scheduler.address
            self._threads: int = sum(self._client.nthreads().values())
            self._counted = time.monotonic()
            self._stack = stack.pop_all()

    @property
    def workers(self) -> int:
        """The threads of all workers, shared by the map runs that use them."""
        return max(1, math.ceil(self._threads / max(1, len(self.running))))

    def replace(self, surroundings: Surroundings) -> None:
        """Use these settings from now on."""
        # The number makes workers create their handlers anew, from files that may have changed.
        self._surroundings = cloudpickle.dumps((next(_numbers), surroundings))

    def prepare(self) -> None:
        """Do nothing: the workers are already running."""

    async def run(self, job: Job) -> Outcome:
        """Run a `Chunk`, the job's input, on a worker.

        Raises:
            WorkerError: a worker cannot run it, or the scheduler is lost.
        """
        chunk: Chunk = job.call.input
        self.running[chunk.map_run_arn] += 1
        try:
            end: ChunkEnd = await self._do(run_chunk, chunk)
        except KilledWorker as problem:
            end = ChunkEnd([], 0.0, lost=problem.last_worker.address)
        finally:
            self.running -= Counter([chunk.map_run_arn])
        return Succeeded(end)

    async def run_task(self, job: Job) -> Answer | Later:
        """Do a task on a worker, ahead of waiting chunks.

        Raises:
            TaskFailed: ``Runtime.ExitError``, the worker has ended; or the task failed.
            WorkerError: see `run`.
        """
        try:
            *reports, end = await self._do(run_task, job.call, priority=1)
        except KilledWorker as problem:
            cause = f"Dask worker {problem.last_worker.address} ended while it ran the task"
            raise TaskFailed("Runtime.ExitError", cause) from None
        for report in reports:
            job.report(report)
        if isinstance(end, Broken):
            raise end.problem
        if isinstance(end, Succeeded | Failed):
            return end
        job.report(end)
        return LATER

    async def _do(self, function: Callable[..., bytes], given: object, priority: int = 0) -> Any:
        work = pickle.dumps(given, pickle.HIGHEST_PROTOCOL)
        try:
            return pickle.loads(await self._on_loop(self._submit(function, work, priority)))
        except (
            CommClosedError,
            FutureCancelledError,
        ) as problem:  # The client can close at any point of a submission.
            raise self._lost() from problem
        except (NoWorkerError, NoValidWorkerError) as problem:
            raise WorkerError(f"the Dask cluster at {self._address} has no workers. {_RESUME}") from problem
        except ImportError as problem:
            raise WorkerError(await self._on_loop(self._without_asltool(problem))) from problem

    async def _on_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run this on the client's event loop, which is in a thread of its own."""
        loop = self._client.loop.asyncio_loop
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))

    async def _submit(self, function: Callable[..., bytes], work: bytes, priority: int) -> bytes:
        client = self._client
        if client.status != "running":
            raise self._lost()
        key = f"asltool-{uuid4().hex}"
        given = versions(), self._surroundings, work
        future = client.submit(function, *given, key=key, pure=False, priority=priority)
        try:
            result: bytes = await future
        except FutureCancelledError:
            raise self._lost() from None
        except asyncio.CancelledError:
            await client.cancel([future], force=True)
            raise
        await self._count()
        return result

    async def _without_asltool(self, problem: ImportError) -> str:
        """Return the message for workers that cannot import this package."""
        found = await self._client.run(versions, on_error="return")
        lacking = sorted(address for address, answer in found.items() if isinstance(answer, Exception))
        workers = ", ".join(lacking) or "which has ended since"
        return f"Dask worker {workers}: it cannot load asltool: {problem}. install it with the extra dask"

    async def _count(self) -> None:
        now = time.monotonic()
        if now - self._counted > _COUNTED:
            self._counted = now
            with suppress(OSError):  # Then the scheduler is lost, which ends the chunks that run.
                self._threads = sum((await self._client.nthreads()).values())

    def _lost(self) -> WorkerError:
        return WorkerError(f"the connection to the Dask scheduler at {self._address} was lost. {_RESUME}")

    def close(self) -> None:
        """Close what this has opened; a client that was passed stays open."""
        self._stack.close()

    def __enter__(self) -> DaskCluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
