"""Connect to a running Dask cluster, or start one on this machine for as long as it is needed."""

from __future__ import annotations

import asyncio
import logging
import os
from contextlib import ExitStack
from typing import Any

from asltool.errors import MissingExtra, OptionError, WorkerError

try:
    import dask.config
    from distributed import Client, LocalCluster, Security, rpc
    from distributed.utils import LoopRunner
except ImportError as problem:
    raise MissingExtra("a Dask cluster", "dask") from problem

__all__ = ["connect"]

_SECONDS = 10
"""How long a scheduler may take to answer."""

_LOCAL = {
    # Report a worker that dies at once; the child that caused it is found by sending fewer at a time.
    "distributed.scheduler.allowed-failures": 0,
    # A worker that dies is started again, however long that takes.
    "distributed.deploy.lost-worker-timeout": "1 day",
    # One that dies while it starts is not. A run would wait forever when none is left.
    "distributed.scheduler.no-workers-timeout": "60s",
    # These grow with the run, and nothing reads them.
    "distributed.admin.log-length": 100,
    "distributed.admin.low-level-log-length": 100,
    "distributed.admin.system-monitor.log-length": 100,
    "distributed.worker.profile.enabled": False,
}
"""The settings of a cluster on this machine."""

_QUIET = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)"
"""A worker's first code. Ctrl-C reaches all processes of a terminal, and this one ends its workers."""


def connect(stack: ExitStack, cluster: Any, *, processes: bool = True) -> Client:
    """Return a client of a cluster; ``stack`` closes what this opens.

    ``cluster`` is the address of a scheduler, ``local`` or ``local:N`` for N workers on this machine (by
    default one per processor), or a `distributed.Client`, which is returned and stays open. ``processes``:
    whether local workers are processes, or threads of this one.

    Raises:
        OptionError: ``cluster`` is none of these.
        WorkerError: no scheduler answers.
    """
    if isinstance(cluster, Client):
        return cluster
    kind, _, rest = str(cluster).partition(":")
    if kind == "local":
        return _local(stack, rest, processes=processes)
    if "://" not in str(cluster):
        raise OptionError(f'"{cluster}" is not a Dask cluster: expected tcp://HOST:PORT, local or local:N')
    try:
        # A client that cannot connect takes much longer to end, and says more than this.
        LoopRunner().run_sync(_ask, cluster)
        return stack.enter_context(Client(cluster, timeout=_SECONDS, set_as_default=False))
    except Exception as problem:
        reason = str(problem) or f"waited {_SECONDS} seconds"
        raise WorkerError(f"no Dask scheduler answers at {cluster}: {reason}") from problem


async def _ask(address: str) -> None:
    arguments = Security().get_connection_args("client")
    async with asyncio.timeout(_SECONDS), rpc(address, connection_args=arguments) as scheduler:
        kind = (await scheduler.identity())["type"]
    if kind in ("Worker", "Nanny"):
        raise ValueError(f"a {kind.lower()} answers there")


def _local(stack: ExitStack, count: str, *, processes: bool) -> Client:
    if count and not (count.isascii() and count.isdigit() and int(count)):
        raise OptionError(f'"local:{count}" is not a Dask cluster: expected local:N, for N workers')
    stack.enter_context(dask.config.set(_LOCAL))
    cluster = LocalCluster(
        n_workers=int(count or os.cpu_count() or 1),
        threads_per_worker=1,
        processes=processes,
        preload=[_QUIET] if processes else [],
        host="127.0.0.1",
        protocol="tcp",
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        silence_logs=logging.CRITICAL,  # The run reports the important messages.
    )
    stack.enter_context(cluster)
    return stack.enter_context(Client(cluster, set_as_default=False))
