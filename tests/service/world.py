"""A service over a store in memory, whose clock only cases move."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from types import TracebackType
from typing import Any

from asltool.engine.effects import CallTask, Failed, Heartbeat, Outcome, Succeeded
from asltool.engine.execution import Execution
from asltool.errors import InvalidToken, TaskTimedOut
from asltool.expr.values import dumps, loads
from asltool.machine import loads as machine_of
from asltool.service.caller import Caller
from asltool.service.conductor import ActivityTask, Conductor
from asltool.service.service import Service
from asltool.service.start import Start
from asltool.store.port import ExecutionRow, Store
from asltool.store.sqlite import SqliteStore

__all__ = ["World"]


class _Conductor(Conductor):
    """Runs executions in its caller's step. Tasks wait until somebody sends their token."""

    def __init__(self, world: World, store: Store) -> None:
        self.world = world
        self.store = store
        self.running: dict[str, Execution] = {}
        self.rows: dict[str, ExecutionRow] = {}
        self.waiting: dict[str, tuple[str, CallTask]] = {}
        self.runs: dict[str, dict[str, Any]] = {}

    async def committed(self) -> None:
        """Everything is in memory."""

    def start(self, start: Start) -> ExecutionRow:
        program = machine_of(self.store.definition(start.definition) or "").program
        value = loads(start.input)
        execution = Execution(program, value, start.identity, activities=start.activities)
        row = ExecutionRow(
            arn=start.arn,
            machine=start.machine,
            definition=start.definition,
            started=self.world.now,
            input=start.input,
            settings=start.settings,
            version=start.version,
            alias=start.alias,
        )
        row = replace(row, number=0 if start.identity.express else self.store.begin(row))
        self.running[row.arn], self.rows[row.arn] = execution, row
        self._after(row.arn, execution.start(self.world.now))
        return row

    def _after(self, arn: str, effects: list[Any]) -> None:
        calls = [effect for effect in effects if isinstance(effect, CallTask)]
        self.waiting.update({call.token or f"{arn}/{call.task_id}": (arn, call) for call in calls})
        execution, row = self.running[arn], self.rows[arn]
        if execution.status == "RUNNING" or row.status != "RUNNING":
            return
        output = dumps(execution.output) if execution.status == "SUCCEEDED" else None
        end: dict[str, Any] = {"output": output, "error": execution.error, "cause": execution.cause}
        self.rows[arn] = replace(row, status=execution.status, stopped=execution.now, **end)
        if row.number:
            self.store.end(row.number, execution.status, execution.now, **end)

    def move(self) -> None:
        for arn, execution in self.running.items():
            self._after(arn, execution.advance(self.world.now))

    async def ended(self, arn: str) -> ExecutionRow:
        return self.rows[arn]

    def describe(self, arn: str) -> ExecutionRow | None:
        return self.store.execution(arn)

    def history(self, arn: str) -> list[dict[str, Any]]:
        return self.running[arn].history

    def stop(self, arn: str, error: str | None, cause: str | None) -> float:
        self._after(arn, self.running[arn].abort(self.world.now, error, cause))
        return self.rows[arn].stopped or 0.0

    def redrive(self, arn: str) -> float:
        effects = self.running[arn].redrive(self.world.now)
        self.store.reopen(self.rows[arn].number, self.world.now)
        found = self.store.execution(arn)
        assert found is not None
        self.rows[arn] = found
        self._after(arn, effects)
        return self.world.now

    def succeed(self, token: str, output: Any) -> None:
        self._end(token, Succeeded(output))

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        self._end(token, Failed(error, cause))

    def heartbeat(self, token: str) -> None:
        self._end(token, Heartbeat())

    def _end(self, token: str, outcome: Outcome) -> None:
        if token not in self.waiting:
            raise InvalidToken("no task")
        arn, call = self.waiting[token]
        if call.task_id not in self.running[arn].waits_for:
            raise TaskTimedOut("ended")
        self._after(arn, self.running[arn].deliver(call.task_id, outcome, self.world.now))

    async def poll(self, activity: str, worker: str | None, seconds: float = 60.0) -> ActivityTask | None:
        await asyncio.sleep(0)
        for token, (_, call) in self.waiting.items():
            if str(call.resource) == activity:
                return ActivityTask(token, dumps(call.input))
        return None

    def map_run(self, arn: str) -> dict[str, Any] | None:
        return self.runs.get(arn)

    def map_runs(self, execution: str) -> list[dict[str, Any]]:
        return [run for run in self.runs.values() if run["executionArn"] == execution]


class World:
    """``call`` asks the service; ``wait`` lets seconds pass."""

    def __init__(self, account: str = "123456789012", region: str = "us-east-1") -> None:
        self.now = 1_800_000_000.0
        self.store = SqliteStore()
        self.conductor = _Conductor(self, self.store)
        caller = Caller(account, region)
        self.service = Service(self.store, self.conductor, lambda: self.now, caller, random.Random(1))

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.store.close()

    async def call(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return await self.service.call(operation, request)

    async def wait(self, seconds: float) -> None:
        self.now += seconds
        self.conductor.move()

    async def settle(self, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        return {}
