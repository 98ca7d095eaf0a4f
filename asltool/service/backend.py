"""Everything behind the API: store, clock, conductor and service."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Literal

from asltool.driver.jobs import Integration
from asltool.driver.workers import MAX_WORKERS
from asltool.engine.map_io import MapPort
from asltool.errors import OptionError, StoreError
from asltool.integrations.mock_config import MockConfig
from asltool.service.caller import Caller
from asltool.service.conductor import Conductor
from asltool.service.elsewhere import WorkerOptions
from asltool.service.events.glue import put_glue_changes
from asltool.service.events.status import put_status_changes
from asltool.service.execution_logs import ExecutionLogs
from asltool.service.mock_cases import MockCases
from asltool.service.objects.files import is_in_bucket
from asltool.service.service import POLL_SECONDS, Service
from asltool.service.time import ServiceClock
from asltool.store import open_store
from asltool.store.execution_log import Watcher, Watchers

__all__ = ["Backend", "BackendSettings"]

_DAY = 86_400.0

_TIME = ("server", "time")
"""Where the store has by how much the time was set ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackendSettings:
    """What a service stores, and how it runs executions.

    Args:
        data: the folder for all data; None keeps it in memory.
        sync: what a commit survives: with ``normal`` the end of the process, with ``full`` also a power cut.
        skips: whether waits and retry delays take no time.
        defaults: the account and region of requests that do not give theirs.
        integrations: they do the work of tasks.
        mock_config: the test cases that executions can be started with.
        storage: where distributed Maps read items and write results.
        keep: how many seconds ended executions are kept; None: forever.
        max_workers: how many blocking handlers run at the same time.
        elsewhere: the processes that children of map runs run in, if there are any.
        time: the time, in seconds since 1970.
        poll_seconds: how long GetActivityTask waits for a task.
        logs: the folder that execution logs are written to.
        watched: a folder in place of S3; changes of its files become events once `Backend.watch` is called.
    """

    data: str | PathLike[str] | None = None
    sync: Literal["normal", "full"] = "normal"
    skips: bool = False
    defaults: Caller = field(default_factory=Caller)
    integrations: Sequence[Integration] = ()
    mock_config: MockConfig | None = None
    storage: MapPort | None = None
    keep: float | None = None
    max_workers: int = MAX_WORKERS
    elsewhere: WorkerOptions | None = None
    time: Callable[[], float] = time.time
    poll_seconds: float = POLL_SECONDS
    logs: str | PathLike[str] | None = None
    watched: str | PathLike[str] | None = None

    def __post_init__(self) -> None:
        """Raise OptionError if what the server writes itself would become events."""
        for own in (self.data, self.logs):
            if self.watched is not None and own is not None and is_in_bucket(self.watched, own):
                said = "so what the server writes would become events. expected a folder outside"
                raise OptionError(f'"{own}" is in the watched folder "{self.watched}", {said}')


class Backend:
    """The ``service`` and everything below it. Create it in the event loop; executions continue at once.

    ``watchers`` are called with the changes of executions after every commit; they can be added and removed
    later.

    Raises:
        StoreError: the data folder cannot be used.
        OSError: the folder for logs cannot be used.
        MockError: an execution was started with a test case that no longer exists.
    """

    def __init__(self, settings: BackendSettings, *watchers: Watcher) -> None:
        self._settings = settings
        self.watchers = Watchers(after=list(watchers))
        self._store = open_store(settings.data, sync=settings.sync)
        self._store.checkpoint_in_thread()
        ahead = (self._store.get(*_TIME) or {}).get("ahead", 0.0)
        self.clock = ServiceClock(skips=settings.skips, real=settings.time, ahead=ahead)
        self._logs = None if settings.logs is None else ExecutionLogs(Path(settings.logs), self._store)
        if self._logs is not None:
            self.watchers.before.append(self._logs.before)
            self.watchers.after.append(self._logs.after)
        self.watchers.before.append(lambda changes: put_status_changes(self.service, changes))
        self.watchers.before.append(lambda changes: put_glue_changes(self.service, changes))
        self.service = self._service()
        self.service.conductor.recover()
        self.service.events.recover()
        self.service.timers.recover()
        self._pruning = asyncio.ensure_future(self._prune_daily())
        self._watching: asyncio.Future[None] | None = None

    async def watch(self) -> int:
        """Put S3's events about the watched folder on the default bus from now on.

        Return how many files are there that do not become events.

        What is in a folder that is watched for the first time is there when this returns; events are about
        what changes after that.

        Raises:
            MissingExtra: watchfiles is not installed.
        """
        if self._settings.watched is None:
            return 0
        from asltool.service.objects.watch import ObjectWatch

        watch = ObjectWatch(self.service, self._settings.watched, self._settings.time)
        self._watching = asyncio.ensure_future(watch.run())
        await watch.ready.wait()
        return watch.already

    def _stop_triggers(self) -> None:
        """Start nothing any more by itself."""
        if self._watching is not None:
            self._watching.cancel()
        self.service.timers.close()
        self.service.events.close()

    async def _prune_daily(self) -> None:
        """Remove executions that are old enough. If that fails, the conductor reports it."""
        keep = self._settings.keep
        with suppress(StoreError):
            while keep is not None:
                conductor = self.service.conductor
                conductor.later(partial(self._store.prune, self.clock.now() - keep))
                await conductor.committed()
                await asyncio.sleep(_DAY)

    def _service(self) -> Service:
        settings, config = self._settings, self._settings.mock_config
        mock_cases = None if config is None else MockCases(config, self._store)
        integrations = [*([] if mock_cases is None else [mock_cases]), *settings.integrations]
        conductor = Conductor(
            self._store,
            self.clock,
            integrations,
            storage=settings.storage,
            max_workers=settings.max_workers,
            elsewhere=settings.elsewhere,
            watchers=self.watchers,
        )
        return Service(
            self._store,
            conductor,
            self.clock.stamp,
            settings.defaults,
            integrations=settings.integrations,
            mock_cases=mock_cases,
            poll_seconds=settings.poll_seconds,
        )

    def counts(self) -> dict[str, int]:
        """Return how many executions are ``running``, and how many are ``blocked``."""
        rows = self._store.executions(status="RUNNING")
        blocked = sum(row.blocked is not None for row in rows)
        return {"running": len(rows) - blocked, "blocked": blocked}

    async def change_time(self, *, skips: bool | None, jump: float) -> None:
        """Set whether waits take no time, and set the time ahead; that is kept over a restart."""
        if skips is not None:
            self.clock.skips = skips
        if jump:
            self.clock.jump(jump)
            self._store.put(*_TIME, {"ahead": self.clock.ahead})
        self.renew_processes()
        self.service.conductor.look_again()
        self.service.timers.look_again()
        await self.service.conductor.committed()

    def renew_processes(self) -> None:
        """Let children of map runs run in new processes, with handlers and a clock as they are now."""
        if (processes := self.service.conductor.maps.processes) is not None:
            processes.renew()

    async def reset(self) -> None:
        """Remove everything: machines, executions and all other data."""
        self._stop_triggers()
        await self.service.conductor.shutdown()
        self._store.clear()
        self._store.commit()
        self.service = self._service()
        await self.watch()

    async def close(self) -> None:
        """Finish the steps in progress; executions continue after the next start."""
        self._pruning.cancel()
        self._stop_triggers()
        await self.service.conductor.shutdown()
        if self._logs is not None:
            self._logs.close()
        self._store.close()
