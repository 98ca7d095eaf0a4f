"""Running executions."""

from __future__ import annotations

import asyncio

from asltool.driver.lane import Lane
from asltool.store.execution_log import Followed
from asltool.store.port import ExecutionRow

__all__ = ["Live"]


class Live:
    """A running execution: its state in the log, its lane, and the callers that wait for its end."""

    __slots__ = ("ended", "followed", "lane")

    lane: Lane

    def __init__(self, followed: Followed) -> None:
        self.followed = followed
        self.ended: list[asyncio.Future[ExecutionRow]] = []

    def end(self, problem: Exception | None = None) -> None:
        """Wake the callers that wait for the end, with the row or with the exception that prevented it."""
        for waiting in self.ended:
            if not waiting.done():
                if problem is not None:
                    waiting.set_exception(problem)
                elif self.followed.ended is not None:
                    waiting.set_result(self.followed.ended)
