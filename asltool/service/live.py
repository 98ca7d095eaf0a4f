"""Executions under way."""

from __future__ import annotations

import asyncio

from asltool.driver.lane import Lane
from asltool.store.execution_log import Followed
from asltool.store.port import ExecutionRow

__all__ = ["Live"]


class Live:
    """An execution on its way: what the log has of it, its lane, and who waits for its end."""

    __slots__ = ("ended", "followed", "lane")

    lane: Lane

    def __init__(self, followed: Followed) -> None:
        self.followed = followed
        self.ended: list[asyncio.Future[ExecutionRow]] = []
