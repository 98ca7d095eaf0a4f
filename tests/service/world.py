"""A service over a store in memory and a conductor whose clock only cases move."""

from __future__ import annotations

import asyncio
import random
from types import TracebackType
from typing import Any

from asltool.service.caller import Caller
from asltool.service.conductor import Conductor
from asltool.service.service import Service
from asltool.service.time import ServiceClock
from asltool.store.sqlite import SqliteStore

__all__ = ["World"]


class World:
    """``call`` asks the service; ``wait`` lets seconds pass."""

    def __init__(self, account: str = "123456789012", region: str = "us-east-1") -> None:
        self._caller = Caller(account, region)

    async def __aenter__(self) -> World:
        self.now = 1_800_000_000.0
        self.store = SqliteStore()
        self._open()
        return self

    def _open(self) -> None:
        clock, chance = ServiceClock(real=lambda: self.now), random.Random(1)
        self.conductor = Conductor(self.store, clock, chance=chance)
        self.service = Service(self.store, self.conductor, clock.now, self._caller, chance)

    async def start_again(self) -> None:
        """Go on with what the store has, as another process would."""
        self.conductor.close()
        self._open()
        self.conductor.recover()
        await self.settled()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.conductor.close()
        self.store.close()

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        answer = await self.service.call(operation, request)
        await self.settled()
        return answer

    async def wait(self, seconds: float) -> None:
        self.now += seconds
        self.conductor.look_again()
        await self.settled()

    async def settled(self) -> None:
        """Return once nothing goes on by itself."""
        await self.conductor.committed()
        while not self.conductor.is_settled:
            await asyncio.sleep(0)

    async def settle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        await self.settled()
        return {}
