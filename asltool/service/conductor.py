"""Runs and stores executions; only this class uses the driver.

Changes are durable once `Conductor.committed` has returned.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from functools import partial
from typing import Any

from asltool.driver.aio import AioDriver
from asltool.driver.jobs import Integration
from asltool.driver.log import Step
from asltool.driver.workers import MAX_WORKERS, Workers
from asltool.engine.effects import Sleep
from asltool.engine.execution import Execution
from asltool.engine.map_io import MapPort
from asltool.errors import DumpError, NotRedrivable
from asltool.expr.values import dumps
from asltool.history.records import Records
from asltool.integrations.map_storage import MapStorage
from asltool.integrations.missing import complete
from asltool.service.activities import Activities, PolledTask
from asltool.service.elsewhere import WorkerOptions
from asltool.service.live import Live
from asltool.service.map_runs import MapRunTracker
from asltool.service.nested import NestedExecutions
from asltool.service.own_calls import OwnCalls
from asltool.service.start import Start
from asltool.service.time import ServiceClock
from asltool.service.tokens import Tokens
from asltool.store.execution_log import ExecutionLog, Followed, Watchers
from asltool.store.port import ExecutionRow, Store
from asltool.store.programs import Programs
from asltool.store.replay import execution_of, records_of, replayed

__all__ = ["Conductor", "PolledTask"]


class Conductor:
    """Timestamps are seconds since the epoch; rows are `asltool.store.port.ExecutionRow`.

    Create it in the running event loop.

    Args:
        integrations: they do the work of tasks, except for those of Step Functions itself.
        storage: what distributed Maps read from and write to.
        max_workers: how many blocking handlers run at the same time.
        elsewhere: the processes that children of map runs run in, if there are any.
        chance: the source of the executions' random seeds.
        watchers: those who watch executions.
    """

    def __init__(
        self,
        store: Store,
        clock: ServiceClock,
        integrations: Sequence[Integration] = (),
        *,
        storage: MapPort | None = None,
        max_workers: int = MAX_WORKERS,
        elsewhere: WorkerOptions | None = None,
        chance: random.Random | None = None,
        watchers: Watchers | None = None,
    ) -> None:
        self.failed: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self._store = store
        self._clock = clock
        self._chance = chance or random.Random()
        self._programs = Programs(store)
        self._live: dict[str, Live] = {}
        self.tokens = Tokens(store)
        self.activities = Activities(self.tokens)
        self.nested = NestedExecutions()
        self.own_calls = OwnCalls()
        doers = [*integrations, self.activities, self.nested, self.own_calls]
        self._log = ExecutionLog(store, self._ended, watchers=watchers)
        self.later = self._log.later
        storage = storage or MapStorage()
        self.maps = MapRunTracker(store, self._log, storage, self.tokens.asleep, elsewhere, clock)
        self._workers = Workers(
            *complete(doers),
            max_workers=max_workers,
            patient=True,
            tokens=self.tokens,
            elsewhere=self.maps.processes,
        )
        self._driver = AioDriver(
            self._workers, clock, self._log, on_broken=self._broken, on_failure=self._fail
        )

    async def committed(self) -> None:
        """Wait until all changes so far are durable; raises a `StoreError` if that fails."""
        await self._driver.committed()

    # Executions.

    def start(self, start: Start) -> ExecutionRow:
        """Start an execution. The caller checks whether its name can be used.

        An EXPRESS execution is stored until it ends; one started by StartSyncExecution is not stored.

        Raises:
            DefinitionError, ExpressionError: its definition cannot be run.
        """
        row = start.row(self._clock.now(), self._chance.getrandbits(63))
        compiled = self._programs.of(row.definition)
        execution = execution_of(row, compiled.program)
        kept = not start.identity.sync
        if kept:
            row = row._replace(number=self._store.begin(row))
        self._run(execution, row, kept=kept)
        return row

    async def ended(self, arn: str) -> ExecutionRow:
        """Return the row of an execution at its end; raises like `records`, or what broke the execution."""
        live = self._live.get(arn)
        if live is None:
            return self._row(arn)
        ended: asyncio.Future[ExecutionRow] = asyncio.get_running_loop().create_future()
        live.ended.append(ended)
        return await ended

    def describe(self, arn: str) -> ExecutionRow | None:
        """Return the row of an execution as it is now; None if there is none."""
        return self._store.execution(arn)

    def records(self, arn: str) -> Records:
        """Return the event records of an execution.

        Raises:
            KeyError: there is no such execution.
        """
        live = self._live.get(arn)
        if live is not None and self._driver.is_at_rest(live.lane):
            return live.followed.execution.records
        return records_of(self._store.log(self._row(arn).number))

    def sleeps(self, arn: str) -> list[tuple[Sleep, float]]:
        """Return the states of an execution that wait or will be retried, each with the remaining seconds."""
        live = self._live.get(arn)
        if live is None or not self._driver.is_at_rest(live.lane):
            return []
        return [(each, each.until - live.lane.now(self._clock)) for each in live.followed.execution.sleeps]

    def stop(self, arn: str, error: str | None, cause: str | None) -> float:
        """Abort an execution unless it has ended; return when it stopped. Raises like `records`."""
        live = self._live.get(arn)
        if live is not None:
            return self._driver.abort(live.lane, error, cause, live.followed.execution)
        row = self._row(arn)
        if row.stopped is not None:
            return row.stopped
        return self._log.stop_blocked(row, self._clock.now(), error, cause)

    def redrive(self, arn: str) -> float:
        """Run an execution again from the state in which it ended; return the timestamp.

        Raises:
            KeyError: there is no such execution.
            NotRedrivable: with the reason.
        """
        row = self._row(arn)
        try:
            execution = replayed(row, self._store, self._programs)
        except DumpError as problem:
            raise NotRedrivable(f"the execution cannot be redriven: {problem}") from problem
        now, before = max(self._clock.now(), execution.now), len(execution.records.tape)
        effects = execution.redrive(now)
        self._store.reopen(row.number, now)
        self._run(execution, self._row(arn))
        self._log.note_from(before, execution, Step("redrive", now), effects)
        return now

    # Task tokens.

    def succeed(self, token: str, output: Any) -> None:
        """End the task that waits for this token, with JSON.

        Raises:
            InvalidToken: no task has had this token.
            TaskTimedOut: its task has ended.
        """
        self.tokens.succeed(token, dumps(output))

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        """Fail the task that waits for this token; raises like `succeed`."""
        self.tokens.fail(token, error, cause)

    def heartbeat(self, token: str) -> None:
        """Restart the HeartbeatSeconds of this token's task; raises like `succeed`."""
        self.tokens.heartbeat(token)

    # Activities.

    async def poll(self, activity: str, worker: str | None, seconds: float = 60.0) -> PolledTask | None:
        """Return the next task of this activity, an ARN; None if there is none for this many real seconds."""
        return await self.activities.take(activity, worker, seconds)

    # The process.

    def recover(self) -> None:
        """Continue all executions that were running when the previous process ended.

        An execution that cannot be replayed is blocked: it does not change until it is stopped.
        """
        running = self._store.running()
        self.tokens.recover({row.arn for row in running})
        for row in (row for row in running if row.map_run is None):
            try:
                execution = replayed(row, self._store, self._programs)
            except DumpError as problem:
                self._log.block(row, str(problem))
                continue
            if row.blocked is not None:
                self._store.block(row.number, None)
            self._remember(execution)
            self._run(execution, row._replace(blocked=None))

    async def shutdown(self) -> None:
        """Finish the requested steps; the next process continues the executions."""
        if self._driver.failure is None:
            await self._driver.committed()
        self.close()

    def close(self) -> None:
        """Stop everything; what is not committed is discarded."""
        self._driver.close()
        self._workers.close()
        self.maps.close()

    def look_again(self) -> None:
        """Check every timer, because the clock has been set."""
        self._driver.look_again()

    @property
    def skips(self) -> bool:
        """Whether waits take no time."""
        return self._clock.skips

    @property
    def is_settled(self) -> bool:
        """Whether nothing can happen before an answer or a timer."""
        return self._driver.is_settled

    # Inside.

    def _row(self, arn: str) -> ExecutionRow:
        row = self._store.execution(arn)
        if row is None:
            raise KeyError(arn)
        return row

    def _run(self, execution: Execution, row: ExecutionRow, *, kept: bool = True) -> None:
        """Pass an execution to the driver; a new one starts at the timestamp of its row."""
        followed = self._log.follow(execution, row, kept=kept)
        live = self._live[row.arn] = Live(followed)
        begins = execution.status == "PENDING"
        maps = self.maps.maps(followed, partial(self._child, live), again=not begins)
        takes_long = self._programs.of(row.definition).takes_long
        now = row.started if begins else None
        live.lane = self._driver.add(execution, maps=maps, now=now, threaded=takes_long)

    def _child(self, parent: Live, child: Followed) -> None:
        live = self._live[child.row.arn] = Live(child)
        live.lane = parent.lane
        if child.execution.status == "RUNNING":
            self.tokens.asleep.discard(child.row.arn)
            self._remember(child.execution)

    def _remember(self, execution: Execution) -> None:
        """Keep the task tokens valid that an execution passed on before this process started."""
        effects = execution.outstanding()
        self.activities.remember(execution, effects)
        self.tokens.expect(effects)

    def _ended(self, followed: Followed) -> None:
        """Wake the callers that wait for an execution's end; called once the end is durable."""
        self.tokens.forget(followed.row.arn)
        self.maps.ended(followed.row.arn, followed.execution.now)
        self._live.pop(followed.row.arn).end()

    def _broken(self, execution: Execution, problem: Exception) -> None:
        """Block an execution that a bug has ended; it continues from its last step after the next start."""
        followed = self._log.drop(execution)
        if followed is None:
            return
        live = self._live.pop(followed.row.arn)
        if followed.kept:
            self._log.block(followed.row, f"{type(problem).__name__}: {problem}")
        else:
            live.end(problem)

    def _fail(self, problem: Exception) -> None:
        if not self.failed.done():
            self.failed.set_result(problem)
