"""The plain driver: runs executions side by side, over one task port and one clock.

::

    runner = Runner(tasks, clock)
    runner.add(execution)
    runner.run()

While work is in flight the clock stands: a timer goes off only once as much real time has passed as it was
set for. With nothing in flight the clock sleeps up to the next timer.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from asltool.driver.map_driver import MapDriver, Maps
from asltool.driver.ports import Answer, Clock, StartExecution, TaskPort
from asltool.engine.effects import (
    CallTask,
    CancelTask,
    Effect,
    Failed,
    Outcome,
    StartMapRun,
    Succeeded,
)
from asltool.engine.execution import Execution
from asltool.syntax.resource import Resource

__all__ = ["Line", "Runner", "Watch", "run"]

Watch = Callable[[Execution, Sequence[Effect]], None]
"""Told after every step: the execution, whose records may have grown, and what it asks for."""

_END = (Succeeded, Failed)

_FEW = 1_000


def run(
    execution: Execution,
    tasks: TaskPort,
    clock: Clock,
    watch: Watch | None = None,
    maps: Maps | None = None,
) -> None:
    """See this execution through to its end, from its start or from where it was loaded.

    Raises:
        NoHandler: a task that nobody does.
        NoAnswer: a task whose outcome nobody is left to give.
        TasksError: a distributed Map, and nothing to read its items with or to write its results to.
    """
    runner = Runner(tasks, clock, maps)
    runner.add(execution, watch=watch)
    runner.run()


class Line:
    """An execution on its way, and what the runner knows of it: the tickets of its tasks, its map runs."""

    __slots__ = ("execution", "maps", "number", "on_end", "tickets", "wake_at", "watch")

    def __init__(
        self,
        number: int,
        execution: Execution,
        on_end: Callable[[Execution], None] | None,
        watch: Watch | None,
    ) -> None:
        self.number = number
        self.execution = execution
        self.on_end = on_end
        self.watch = watch
        self.tickets: dict[int, int] = {}
        self.maps: dict[int, MapDriver] = {}
        self.wake_at: float | None = None


class Runner:
    """Runs every execution that is added, until all have ended.

    ``maps`` says how map runs are read, written, and watched; None where there will be none.
    """

    def __init__(self, tasks: TaskPort, clock: Clock, maps: Maps | None = None) -> None:
        self.tasks = tasks
        self.clock = clock
        self.maps = maps or Maps()
        self._numbers = count(1)
        self._lines: set[Line] = set()
        self._owners: dict[int, tuple[Line, int]] = {}
        self._heard: dict[int, Callable[[int, Outcome], None]] = {}
        self._nested: dict[int, Line] = {}
        self._wakes: list[tuple[float, int, Line]] = []
        self._told: deque[tuple[Line, int, Outcome]] = deque()
        self._feeding: deque[MapDriver] = deque()
        self._fed: MapDriver | None = None

    def add(
        self,
        execution: Execution,
        on_end: Callable[[Execution], None] | None = None,
        *,
        watch: Watch | None = None,
    ) -> Line:
        """Begin an execution, or go on with one that was loaded; ``on_end`` is called with it at its end."""
        return self.take(execution, self._begin(execution), on_end, watch)

    def take(
        self,
        execution: Execution,
        effects: list[Effect],
        on_end: Callable[[Execution], None] | None,
        watch: Watch | None = None,
    ) -> Line:
        """Go on with an execution that has begun already and asks for these effects."""
        line = Line(next(self._numbers), execution, on_end, watch)
        self._lines.add(line)
        self._carry(line, effects)
        return line

    def run(self) -> None:
        """Run until every execution has ended.

        Raises:
            NoHandler, NoAnswer, TasksError: see `run`.
        """
        while self._lines:
            if self._told:
                self._deliver(*self._told.popleft())
            elif self._feeding:
                self._advance()
                self._feed(self._feeding.popleft())
            else:
                self._wait()

    def abort(self, line: Line) -> None:
        """End an execution from outside; nobody is told."""
        if line in self._lines:
            line.on_end = None
            self._carry(line, line.execution.abort(self.clock.now()))

    def tell(self, line: Line, task_id: int, outcome: Outcome) -> None:
        """Have an outcome delivered once the present step is done."""
        self._told.append((line, task_id, outcome))

    def feed(self, driver: MapDriver) -> None:
        """Have this map run begin more children once the present step is done."""
        self._feeding.append(driver)

    def call(self, state: str, resource: str, value: Any, heard: Callable[[int, Outcome], None]) -> int:
        """Have work done for a map run; ``heard`` is called with the ticket and the outcome that ends it."""
        ticket = next(self._numbers)
        self._heard[ticket] = heard
        if self.maps.journals:
            self.maps.flush()
        call = CallTask(task_id=ticket, state=state, resource=Resource(resource), input=value)
        self.tasks.start(ticket, call, alone=False)
        return ticket

    def hang_up(self, ticket: int) -> None:
        """Have what was asked for with `call` stopped."""
        self.tasks.cancel(ticket)
        del self._heard[ticket]

    def _feed(self, driver: MapDriver) -> None:
        """Let a map run begin some children, and hear what those before have to tell."""
        self._fed = driver
        driver.feed()
        self._fed = None
        if self.tasks.busy:
            for ticket, answer in self.tasks.wait(0):
                self._hear(ticket, answer)

    def _deliver(self, line: Line, task_id: int, outcome: Outcome) -> None:
        if line in self._lines:
            self._carry(line, line.execution.deliver(task_id, outcome, self.clock.now()))

    def _carry(self, line: Line, effects: list[Effect]) -> None:
        """Carry out what an execution asks for, and note when it is to be woken, or that it has ended."""
        execution = line.execution
        if line.watch is not None:
            line.watch(execution, effects)
        for effect in effects:
            if isinstance(effect, CallTask):
                self._start(line, effect)
            elif isinstance(effect, CancelTask):
                self._cancel(line, effect.task_id)
            elif isinstance(effect, StartMapRun):
                line.maps[effect.task_id] = MapDriver(self, line, effect)
        if execution.status != "RUNNING":
            self._lines.discard(line)
            for task_id in list(line.tickets):
                self._forget(line, task_id)
            if line.on_end is not None:
                line.on_end(execution)
            return
        moment = execution.wake_at
        if moment is not None and moment != line.wake_at:
            self._wake(line, moment)
        line.wake_at = moment

    def _wake(self, line: Line, moment: float) -> None:
        """Note when a line is to be woken, and forget those that have ended if they are many."""
        if len(self._wakes) > 2 * len(self._lines) + _FEW:
            self._wakes = [wake for wake in self._wakes if wake[2] in self._lines]
            heapq.heapify(self._wakes)
        heapq.heappush(self._wakes, (moment, line.number, line))

    def _start(self, line: Line, call: CallTask) -> None:
        ticket = line.tickets.get(call.task_id)
        if ticket is None:
            ticket = line.tickets[call.task_id] = next(self._numbers)
            self._owners[ticket] = line, call.task_id
        more_to_come = self._told or self._feeding or (self._fed is not None and self._fed.has_room)
        only = len(line.execution.waits_for) == len(self._owners) == 1
        sleeps = self._wakes and self._next_wake() is not None
        alone = only and not (more_to_come or sleeps) and line.execution.wake_at is None
        if self.maps.journals:
            self.maps.flush()
        self.tasks.start(ticket, call, alone=alone)

    def _cancel(self, line: Line, task_id: int) -> None:
        driver = line.maps.pop(task_id, None)
        if driver is not None:
            driver.abort()
            return
        ticket = line.tickets.get(task_id)
        if ticket is None:
            # Its outcome has been heard, and waits to be delivered.
            return
        self.tasks.cancel(ticket)
        nested = self._nested.get(ticket)
        self._forget(line, task_id)
        if nested is not None:
            self.abort(nested)

    def _forget(self, line: Line, task_id: int) -> None:
        ticket = line.tickets.pop(task_id)
        del self._owners[ticket]
        self._nested.pop(ticket, None)

    def _next_wake(self) -> float | None:
        """Return when the first timer of all goes off."""
        while self._wakes:
            moment, _, line = self._wakes[0]
            if line in self._lines and line.execution.wake_at == moment:
                return moment
            heapq.heappop(self._wakes)
        return None

    def _wait(self) -> None:
        """Wait for whatever comes first, an outcome or a timer."""
        if self.maps.journals:
            self.maps.flush()
        wake_at = self._next_wake() if self._wakes else None
        if wake_at is None or self.tasks.busy:
            answers = self.tasks.wait(None if wake_at is None else self.clock.until(wake_at, idle=False))
            for ticket, answer in answers:
                self._hear(ticket, answer)
            if answers or wake_at is None:
                return
        # A system clock that is set back would make one long sleep come back early.
        while (rest := self.clock.until(wake_at, idle=True)) > 0:
            time.sleep(rest)
        self._advance()

    def _advance(self) -> None:
        """Let the timers go off that are due."""
        now = self.clock.now()
        while (moment := self._next_wake()) is not None and moment <= now:
            _, _, line = heapq.heappop(self._wakes)
            line.wake_at = None
            self._carry(line, line.execution.advance(now))

    def _hear(self, ticket: int, answer: Answer) -> None:
        if ticket in self._heard:
            assert not isinstance(answer, StartExecution)
            self._heard.pop(ticket)(ticket, answer)
            return
        if ticket not in self._owners:
            return
        line, task_id = self._owners[ticket]
        if isinstance(answer, StartExecution):
            self._nest(ticket, answer)
            return
        if isinstance(answer, _END):
            self._forget(line, task_id)
        self._told.append((line, task_id, answer))

    def _nest(self, ticket: int, start: StartExecution) -> None:
        """Run an execution for a task."""
        effects = self._begin(start.execution)
        start.began()
        self._nested[ticket] = self.take(start.execution, effects, lambda ended: start.ended())

    def _begin(self, execution: Execution) -> list[Effect]:
        if execution.status == "PENDING":
            return execution.start(self.clock.now())
        return execution.outstanding()
