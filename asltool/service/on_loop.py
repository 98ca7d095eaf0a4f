"""Integrations whose tasks the event loop of the service takes."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from asltool.driver.jobs import LATER, Handover, Job, Later, Work
from asltool.engine.effects import CallTask

if TYPE_CHECKING:
    from asltool.service.service import Service

__all__ = ["OnLoop", "ThroughService"]


class OnLoop(ABC):
    """An `Integration` that hands its tasks to the running event loop. Create it in that loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def find(self, call: CallTask) -> Work | None:
        return Handover(self._schedule) if self.knows(call) else None

    @abstractmethod
    def knows(self, call: CallTask) -> bool:
        """Return whether the integration does this task."""

    @abstractmethod
    def _take(self, job: Job) -> None:
        """Do the task, or begin it; called in the loop."""

    def _schedule(self, job: Job) -> Later:
        """Have the loop take the job, from any thread."""
        job.in_hands = True
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._take, job)
        return LATER


class ThroughService(OnLoop):
    """Integrations that use the service, which `serve` sets before the first task."""

    def __init__(self) -> None:
        super().__init__()
        self._service: Service | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def serve(self, service: Service) -> None:
        """Use this service from now on."""
        self._service = service

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Run this in the loop; a task that is referenced nowhere could be collected before its end."""
        task = self._loop.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
