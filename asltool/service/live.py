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

    def end(self, problem: Exception | None = None) -> None:
        """Answer those who wait for the end: with its row, or with what has kept it from coming."""
        for waiting in self.ended:
            if not waiting.done():
                if problem is not None:
                    waiting.set_exception(problem)
                elif self.followed.ended is not None:
                    waiting.set_result(self.followed.ended)
