"""Runs an execution by the asyncio driver, its tasks answered by a port that never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from asltool.driver.aio import AioDriver
from asltool.driver.live import Watch
from asltool.driver.log import Log, Step
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Answer, TaskPort
from asltool.engine.effects import CallTask, Effect
from asltool.engine.execution import Execution
from asltool.engine.map_io import Chunk

__all__ = ["Frozen", "Listening", "NoLog", "drive"]


@dataclass
class Frozen:
    """A clock that stands; executions jump to their next timer."""

    time: float
    skips: bool = True

    def now(self) -> float:
        return self.time


class NoLog:
    """A `Log` that keeps nothing."""

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        pass

    def commit(self) -> None:
        pass


class Listening:
    """A blocking `TaskPort` whose answers are there at once, as the asyncio driver needs it."""

    def __init__(self, port: TaskPort) -> None:
        self._port = port
        self._stirred: Callable[[], None] = lambda: None
        self.problems: list[Exception] = []

    @property
    def busy(self) -> bool:
        return self._port.busy

    def listen(self, stirred: Callable[[], None]) -> None:
        self._stirred = stirred

    def in_flight(self, ticket: int) -> bool:
        return self._port.busy

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        try:
            self._port.start(ticket, call, alone=True)
        except Exception as problem:
            self.problems.append(problem)
            raise
        self._stirred()

    def start_children(self, ticket: int, chunk: Chunk) -> None:
        self._port.start_children(ticket, chunk)

    def cancel(self, ticket: int) -> None:
        self._port.cancel(ticket)

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Answer]]:
        answers = self._port.wait(0) if self._port.busy else []
        if self._port.busy:
            self._stirred()
        return answers


def drive(
    execution: Execution,
    port: TaskPort,
    now: float,
    watch: Watch | None = None,
    maps: Maps | None = None,
    log: Log | None = None,
) -> None:
    """See an execution through to its end.

    Raises:
        Exception: what has ended it, or what the port raises if it waits for ever.
    """
    asyncio.run(_drive(execution, port, now, watch, maps, log))


async def _drive(
    execution: Execution,
    port: TaskPort,
    now: float,
    watch: Watch | None,
    maps: Maps | None,
    log: Log | None,
) -> None:
    tasks = Listening(port)
    failures = tasks.problems
    driver = AioDriver(
        tasks,
        Frozen(now),
        log or NoLog(),
        on_broken=lambda execution, problem: failures.append(problem),
        on_failure=failures.append,
    )
    lane = driver.add(execution, watch=watch, maps=maps)
    while not (lane.over or failures):
        await driver.committed()
        if driver.is_settled and lane.wake_at is None and lane.execution.status == "RUNNING":
            port.wait(None)
    await driver.committed()
    driver.close()
    if failures:
        raise failures[0]
