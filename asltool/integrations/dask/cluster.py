"""Sends children of map runs to the workers of a Dask cluster."""

from __future__ import annotations

import asyncio
import pickle
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from types import TracebackType
from typing import Any
from uuid import uuid4

import cloudpickle
from distributed import KilledWorker

from asltool.driver.children import Surroundings
from asltool.driver.jobs import Job
from asltool.engine.effects import Outcome, Succeeded
from asltool.engine.map_io import ChunkEnd
from asltool.errors import WorkerError
from asltool.integrations.dask.connecting import connect
from asltool.integrations.dask.on_worker import run_chunk, versions

__all__ = ["Cluster"]

_COUNTED = 2.0
"""Seconds after which the workers are counted again, since clusters grow and shrink."""


class Cluster:
    """The `Elsewhere` of a Dask cluster. Use it in ``with``; see `connect` for ``cluster``."""

    def __init__(self, cluster: Any, surroundings: Surroundings) -> None:
        self.workers = 1
        self._cluster = cluster
        self._surroundings = cloudpickle.dumps(surroundings)
        self._counted = 0.0
        self._stack = ExitStack()

    def prepare(self) -> None:
        """Do nothing: the workers run already."""

    async def run(self, job: Job) -> Outcome:
        """Run a `Chunk`, the job's input, on a worker.

        Raises:
            WorkerError: a worker cannot run it, or the scheduler is lost.
        """
        chunk = pickle.dumps(job.call.input, pickle.HIGHEST_PROTOCOL)
        try:
            end: ChunkEnd = pickle.loads(await self._on_loop(self._submit(run_chunk, chunk)))
        except KilledWorker as problem:
            end = ChunkEnd([], 0.0, lost=problem.last_worker.address)
        except ImportError as problem:
            raise WorkerError(await self._on_loop(self._without_asltool(problem))) from problem
        return Succeeded(end)

    async def _on_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run this on the client's event loop, which is in a thread of its own."""
        loop = self._client.loop.asyncio_loop
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))

    async def _submit(self, function: Callable[..., bytes], work: bytes) -> bytes:
        client = self._client
        if client.status != "running":
            raise self._lost()
        key = f"asltool-{uuid4().hex}"
        future = client.submit(function, versions(), self._surroundings, work, key=key, pure=False)
        try:
            result: bytes = await future
        except asyncio.CancelledError:
            if future.status == "cancelled":
                raise self._lost() from None
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
                self.workers = max(1, sum((await self._client.nthreads()).values()))

    def _lost(self) -> WorkerError:
        return WorkerError(
            f"the connection to the Dask scheduler at {self._address} was lost."
            " what had ended before is not lost if the execution has a name: resume it"
        )

    def __enter__(self) -> Cluster:
        with ExitStack() as stack:
            self._client = connect(stack, self._cluster)
            self._address = self._client.scheduler.address
            self.workers = max(1, sum(self._client.nthreads().values()))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
