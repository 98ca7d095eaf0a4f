"""A service over a store in memory, whose clock only cases move."""

from __future__ import annotations

import asyncio
import random
from types import TracebackType
from typing import Any

from asltool.driver.jobs import LATER, Job, Later, Work
from asltool.engine.effects import CallTask
from asltool.service.caller import Caller
from asltool.service.conductor import Conductor
from asltool.service.service import Service
from asltool.service.time import ServiceClock
from asltool.store.sqlite import SqliteStore

__all__ = ["World"]


class _Waiting:
    """Functions that never answer; tasks end by their tokens."""

    def find(self, call: CallTask) -> Work | None:
        return None if call.resource.events == "Activity" else self._wait

    async def _wait(self, job: Job) -> Later:
        job.begin({})
        return LATER


class World:
    """``call`` asks the service; ``wait`` lets seconds pass."""

    def __init__(self, account: str = "123456789012", region: str = "us-east-1") -> None:
        self.now = 1_800_000_000.0
        self.store = SqliteStore()
        self.clock = ServiceClock(real=lambda: self.now)
        self.conductor = Conductor(self.store, self.clock, [_Waiting()], chance=random.Random(2))
        caller = Caller(account, region)
        self.service = Service(self.store, self.conductor, self.clock.now, caller, random.Random(1))

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.conductor.close()
        self.store.close()

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return await self.service.call(operation, request)

    async def wait(self, seconds: float) -> None:
        self.now += seconds
        self.conductor.look_again()
        await self.conductor.committed()
        while not self.conductor.is_settled:
            await asyncio.sleep(0)

    async def settle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return {}
