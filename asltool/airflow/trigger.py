"""Waiting for an execution of ``asltool serve`` in Airflow's triggerer, while the worker is free."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
from airflow.triggers.base import BaseTrigger, TriggerEvent

from asltool.airflow.protocol import TIMEOUT, answer, parts, unreachable
from asltool.errors import RequestError

__all__ = ["ExecutionTrigger"]

_FIRST_WAIT = 0.1
_MOST_FAILURES = 30
"""How many polls in a row may find no server: it may be restarting."""


class ExecutionTrigger(BaseTrigger):
    """Fires once an execution has ended: ``{"execution_arn": ..., "problem": None}``.

    ``problem`` says why waiting failed. Polling starts after 0.1 seconds; each wait is twice as long as the
    one before, up to ``poll_interval`` seconds.
    """

    def __init__(self, server_url: str, execution_arn: str, poll_interval: float = 5.0) -> None:
        super().__init__()
        self.server_url = server_url
        self.execution_arn = execution_arn
        self.poll_interval = poll_interval

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class path and arguments from which the triggerer creates it."""
        names = ("server_url", "execution_arn", "poll_interval")
        return "asltool.airflow.trigger.ExecutionTrigger", {name: getattr(self, name) for name in names}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Poll until the execution has ended."""
        problem = None
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                await self._wait(client)
        except RequestError as found:
            problem = f"{found.code}: {found}"
        yield TriggerEvent({"execution_arn": self.execution_arn, "problem": problem})

    async def on_kill(self) -> None:
        """Stop the execution, because a user has set or cleared the state of the task."""
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            cause = "the task was stopped in Airflow"
            await self._call(client, "StopExecution", error="Airflow.TaskStopped", cause=cause)

    async def _wait(self, client: httpx.AsyncClient) -> None:
        wait, failures = _FIRST_WAIT, 0
        while True:
            try:
                if (await self._call(client, "DescribeExecution"))["status"] != "RUNNING":
                    return
                failures = 0
            except httpx.TransportError as problem:
                failures += 1
                if failures == _MOST_FAILURES:
                    raise unreachable(self.server_url, problem) from problem
                self.log.warning("%s cannot be reached: %s", self.server_url, problem)
            await asyncio.sleep(min(wait, self.poll_interval))
            wait *= 2

    async def _call(self, client: httpx.AsyncClient, operation: str, **request: Any) -> dict[str, Any]:
        sent = parts(operation, {"executionArn": self.execution_arn, **request})
        return answer(await client.post(self.server_url, **sent))
