"""A service over a store in memory, whose clock only cases move."""

from __future__ import annotations

import random
from types import TracebackType
from typing import Any

from asltool.service.caller import Caller
from asltool.service.conductor import Conductor
from asltool.service.service import Service
from asltool.store.sqlite import SqliteStore

__all__ = ["World"]


class _Conductor(Conductor):
    async def committed(self) -> None:
        """Everything is in memory."""


class World:
    """``call`` asks the service; ``settle`` waits until executions have ended."""

    def __init__(self, account: str = "123456789012", region: str = "us-east-1") -> None:
        self.now = 1_800_000_000.0
        self.store = SqliteStore()
        caller = Caller(account, region)
        self.service = Service(self.store, _Conductor(), lambda: self.now, caller, random.Random(1))

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return await self.service.call(operation, request)

    async def settle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return {}
