"""A conductor on a store that can be killed and started again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from asltool.driver.jobs import LATER, Integration, Job, Later
from asltool.engine.effects import CallTask, Succeeded
from asltool.engine.identity import Identity
from asltool.history.events import events
from asltool.service.conductor import Conductor
from asltool.service.elsewhere import WorkerOptions
from asltool.service.start import Start
from asltool.service.time import ServiceClock
from asltool.store import ExecutionRow, Store, open_store
from asltool.store.execution_log import ExecutionChange, Watchers

__all__ = ["ACTIVITY", "NOON", "Calls", "World", "in_world", "machine", "task", "until"]

NOON = 1_772_366_400.0
"""2026-03-01T12:00:00Z"""

ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:a"
LAMBDA = "arn:aws:lambda:us-east-1:123456789012:function:f"


def machine(*states: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a machine of these states, one after another, each under its ``Name``."""
    names = [state.get("Name", state["Type"]) for state in states]
    ways: list[dict[str, Any]] = [*({"Next": following} for following in names[1:]), {"End": True}]
    plain = [{field: value for field, value in state.items() if field != "Name"} for state in states]
    line = {name: {**state, **way} for name, state, way in zip(names, plain, ways, strict=True)}
    return {"StartAt": names[0], "States": line, **fields}


def task(name: str, resource: str = LAMBDA, **fields: Any) -> dict[str, Any]:
    return {"Name": name, "Type": "Task", "Resource": resource, **fields}


class World:
    """``crash`` drops everything that is not committed, and begins anew on the same store.

    ``changes`` are those that were watched.
    """

    def __init__(
        self,
        folder: Path,
        integrations: Sequence[Integration],
        *,
        skips: bool,
        elsewhere: WorkerOptions | None = None,
    ) -> None:
        self._folder, self._elsewhere = folder, elsewhere
        self.integrations = integrations
        self.time = NOON
        self.changes: list[ExecutionChange] = []
        self.watchers = Watchers(after=[self.changes.extend])
        self.clock = ServiceClock(skips=skips, real=lambda: self.time)
        self._open()

    def _open(self) -> None:
        self.store: Store = open_store(self._folder)
        self.conductor = Conductor(
            self.store,
            self.clock,
            self.integrations,
            elsewhere=self._elsewhere,
            watchers=self.watchers,
        )

    async def crash(self) -> None:
        self.restart()
        await self.settle()

    def restart(self) -> None:
        """Crash, and begin anew before anything has happened."""
        self.conductor.close()
        self.store.close()
        self._open()
        self.conductor.recover()

    async def stop(self) -> None:
        self.conductor.close()
        self.store.close()

    async def start(
        self, definition: dict[str, Any], name: str = "e", value: Any = None, **fields: Any
    ) -> ExecutionRow:
        row = self.conductor.start(self.starting(definition, name, value, **fields))
        await self.settle()
        return row

    def starting(
        self, definition: dict[str, Any], name: str = "e", value: Any = None, **fields: Any
    ) -> Start:
        identity = Identity(name=name, state_machine="m", **fields)
        digest = self.store.put_definition(json.dumps(definition))
        text = json.dumps({} if value is None else value)
        return Start(identity=identity, machine=identity.state_machine_arn, definition=digest, input=text)

    async def settle(self) -> None:
        """Return once nothing goes on by itself."""
        await self.conductor.committed()
        while not self.conductor.is_settled:
            await asyncio.sleep(0)

    def status(self, name: str = "e") -> str:
        return self.row(name).status

    def row(self, name: str = "e") -> ExecutionRow:
        arn = Identity(name=name, state_machine="m").execution_arn
        found = self.conductor.describe(arn)
        assert found is not None
        return found

    def events(self, name: str = "e") -> list[str]:
        """Return the types of the events of an execution, whose ids have no gap."""
        history = events(self.conductor.records(self.row(name).arn))
        assert [event["id"] for event in history] == list(range(1, len(history) + 1))
        return [event["type"] for event in history]


Test = Callable[[World], Awaitable[None]]


def in_world(*integrations: Integration, skips: bool = True) -> Callable[[Test], Callable[[Path], None]]:
    """Run the decorated coroutine in a world of its own."""

    def decorate(test: Test) -> Callable[[Path], None]:
        async def run(folder: Path) -> None:
            world = World(folder, integrations, skips=skips)
            try:
                await test(world)
            finally:
                await world.stop()

        def wrapped(tmp_path: Path) -> None:
            asyncio.run(run(tmp_path))

        wrapped.__name__, wrapped.__doc__ = test.__name__, test.__doc__
        return wrapped

    return decorate


class Calls:
    """Does the work of functions, and remembers their calls. ``answer`` ends the work of a state."""

    def __init__(self, *answered: str) -> None:
        self.calls: list[str] = []
        self._answered = answered
        self._jobs: dict[str, Job] = {}

    def find(self, call: CallTask) -> Any:
        return self._work if call.resource.events != "Activity" else None

    async def _work(self, job: Job) -> Later | Succeeded:
        self.calls.append(job.call.state)
        self._jobs[job.call.state] = job
        if job.call.waits_for_token:
            job.begin({"MessageId": "m"})
            return LATER
        if job.call.state in self._answered:
            return Succeeded({"state": job.call.state})
        return LATER

    def answer(self, state: str, outcome: Any) -> None:
        self._jobs[state].report(outcome)


async def until(world: World, done: Any) -> None:
    """Wait for what threads do."""
    for _ in range(2_000):
        await world.settle()
        if done():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it does not come")
