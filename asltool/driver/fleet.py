"""Concurrent executions with their map runs, children and nested executions, without I/O.

::

    turn = fleet.turn(now, answers)     # turn.reaches, turn.effects, by ticket; turn.wake_at

A driver carries out the effects in order, and calls again with answers or when a timer is due. In between it
commits: see `asltool.driver`. The time of a turn is bounded for each execution: a map run starts a limited
number of children per turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count

from asltool.driver.live import Asked, Cancel, DoTask, LiveExecution, Reaching, Watch
from asltool.driver.log import Note, Step, StepCall
from asltool.driver.map_outside import MapRegister
from asltool.driver.map_service import MAP_ANSWERS, MapService
from asltool.driver.ports import Answer, Broken, Capacity, StartExecution
from asltool.driver.wakes import Wakes
from asltool.engine.effects import CallTask, CancelTask, Effect, Failed, Outcome, StartMapRun, Succeeded
from asltool.engine.execution import Execution
from asltool.engine.map_effects import MapAnswer

__all__ = ["Fleet", "Turn"]

_END = (Succeeded, Failed)


@dataclass(frozen=True, slots=True)
class Turn:
    """What to carry out, and when the next turn is due; None: when there is an answer.

    ``reaches`` read and write for map runs and are idempotent. ``effects`` start and cancel work: they may be
    carried out only when the steps that led to them are durable. ``alone``: one task is running, and nothing
    else runs or waits. ``over``: all executions have ended.
    """

    reaches: list[Reaching]
    effects: list[Asked]
    wake_at: float | None
    alone: bool
    over: bool


class Fleet:
    """Running executions; ``broken`` are those that a bug has ended, each with its exception.

    ``elsewhere`` are other processes that run the children of map runs, if there are any. ``note`` is called
    after each step, except one that breaks an execution. Tickets count from ``first``.
    """

    def __init__(self, elsewhere: Capacity | None = None, note: Note | None = None, first: int = 1) -> None:
        self.broken: list[tuple[Execution, Exception]] = []
        self.now = 0.0
        self.note = note
        self.register: MapRegister | None = None
        self._numbers = count(first)
        self._live: set[LiveExecution] = set()
        self._new: list[LiveExecution] = []
        self._added = 0
        self._owners: dict[int, tuple[LiveExecution, int]] = {}
        self._nested: dict[int, LiveExecution] = {}
        self._wakes = Wakes(self._live)
        self._told: deque[tuple[LiveExecution, int, Outcome]] = deque()
        self._aborts: list[tuple[Execution, Failed]] = []
        self._maps = MapService(self, self._numbers, elsewhere)

    def add(
        self,
        execution: Execution,
        on_end: Callable[[Execution], None] | None = None,
        watch: Watch | None = None,
    ) -> None:
        """Add an execution that is new or was loaded; ``on_end`` is called with it when it ends."""
        self._added += 1
        self._new.append(self._enter(execution, None, on_end, watch))

    def abort(self, execution: Execution, error: str | None = None, cause: str | None = None) -> None:
        """End an execution from outside in the next turn, as StopExecution does; its end is reported.

        It can be any running execution, including a child. One that has ended or is unknown stays as it is.
        """
        self._aborts.append((execution, Failed(error, cause)))

    @property
    def tickets(self) -> Iterator[int]:
        """The tickets of outstanding work."""
        return chain(self._owners, self._maps.chunks)

    def calls(self, ticket: int) -> bool:
        """Return whether a task under this ticket is outstanding."""
        return ticket in self._owners

    def turn(self, now: float, answers: Iterable[tuple[int, Answer | MapAnswer]]) -> Turn:
        """Advance every execution that can continue, by these answers and due timers."""
        self.now = now
        new, self._new = self._new, []
        for live in new:
            self.guard(live, self._begin, live)
        for ticket, answer in answers:
            self._hear(ticket, answer)
        self._deliver()
        if self._aborts:
            self._abort()
        if self._wakes.heap:
            self._advance()
        if self._maps.serving:
            # The end of a map run is shown before it is delivered to its execution in the next turn.
            self._maps.serve()
        reaches, effects = self._maps.reaching, self._maps.asked
        self._maps.reaching, self._maps.asked = [], []
        wake_at = now if self._maps.serving or self._new or self._told or self._aborts else None
        if wake_at is None and self._wakes.heap:
            wake_at = self._wakes.next()
        alone = wake_at is None and len(self._owners) + len(self._maps.chunks) == 1
        return Turn(reaches, effects, wake_at, alone, not self._live)

    # Executions.

    def _enter(
        self,
        execution: Execution,
        root: LiveExecution | None,
        on_end: Callable[[Execution], None] | None,
        watch: Watch | None = None,
    ) -> LiveExecution:
        live = LiveExecution(next(self._numbers), execution, root, on_end, watch)
        self._live.add(live)
        return live

    def _begin(self, live: LiveExecution, began: Callable[[], None] | None = None) -> None:
        execution = live.execution
        begins = execution.status == "PENDING"
        effects = execution.start(self.now) if begins else execution.outstanding()
        if began is not None:
            began()
        self._carry(live, effects, "start" if begins else None)

    def guard(self, live: LiveExecution, do: Callable[..., None], *args: object) -> None:
        """Let an error inside end only this execution and those that belong to it."""
        try:
            do(*args)
        except Exception as problem:
            self.break_off(live, problem)

    def break_off(self, live: LiveExecution, problem: Exception) -> None:
        """End this execution, and those that belong to it, with an error."""
        root = live.root
        if root not in self._live:
            return
        identity = root.execution.identity
        if self._added > 1:
            problem.add_note(f'in execution "{identity.name}" of state machine "{identity.state_machine}"')
        self.broken.append((root.execution, problem))
        for each in [each for each in self._live if each.root is root]:
            self._live.discard(each)
            for task_id, ticket in list(each.tickets.items()):
                self._maps.asked.append(Cancel(ticket))
                self._forget(each, task_id)
            for live_map in list(each.maps.values()):
                self._maps.end(live_map)

    def _deliver(self) -> None:
        while self._told:
            live, task_id, outcome = self._told.popleft()
            if live in self._live:
                try:
                    effects = live.execution.deliver(task_id, outcome, self.now)
                    self._carry(live, effects, "deliver", task_id, outcome)
                except Exception as problem:
                    self.break_off(live, problem)

    def _abort(self) -> None:
        aborts, self._aborts = self._aborts, []
        for execution, outcome in aborts:
            for live in [live for live in self._live if live.execution is execution]:
                self.guard(live, self._abort_one, live, outcome)

    def _abort_one(self, live: LiveExecution, outcome: Failed) -> None:
        effects = live.execution.abort(self.now, outcome.error, outcome.cause)
        self._carry(live, effects, "abort", outcome=outcome)

    def _carry(
        self,
        live: LiveExecution,
        effects: list[Effect],
        call: StepCall | None,
        task_id: int = 0,
        outcome: Outcome | None = None,
    ) -> None:
        """Accept the effects of an execution after this call; None: it was loaded."""
        execution = live.execution
        if self.note is not None and call is not None:
            self.note(execution, Step(call, self.now, task_id, outcome), effects, live.root.execution)
        if live.watch is not None:
            live.watch(execution, effects)
        for effect in effects:
            if isinstance(effect, CallTask):
                ticket = live.tickets.get(effect.task_id)
                if ticket is None:
                    ticket = live.tickets[effect.task_id] = next(self._numbers)
                    self._owners[ticket] = live, effect.task_id
                self._maps.asked.append(DoTask(ticket, effect))
            elif isinstance(effect, CancelTask):
                self._cancel(live, effect.task_id)
            elif isinstance(effect, StartMapRun):
                self._maps.start(live, effect)
        if execution.status != "RUNNING":
            self._end(live)
            return
        wake_at = execution.wake_at
        if wake_at is not None and wake_at != live.wake_at:
            self._wakes.set(live, wake_at)
        live.wake_at = wake_at

    def _end(self, live: LiveExecution) -> None:
        self._live.discard(live)
        for task_id in list(live.tickets):
            self._forget(live, task_id)
        if live.on_end is not None:
            live.on_end(live.execution)

    def take(
        self,
        child: Execution,
        root: LiveExecution,
        effects: list[Effect],
        on_end: Callable[[Execution], None],
        call: StepCall | None,
    ) -> LiveExecution:
        live = self._enter(child, root, on_end)
        self._carry(live, effects, call)
        return live

    def report(self, live: LiveExecution, task_id: int, outcome: Outcome) -> None:
        """Queue an outcome for delivery."""
        self._told.append((live, task_id, outcome))

    def drop(self, live: LiveExecution) -> None:
        """Abort an execution that is no longer needed; its end is not reported."""
        if live in self._live:
            live.on_end = None
            self._abort_one(live, Failed())

    # Tickets.

    def _forget(self, live: LiveExecution, task_id: int) -> None:
        ticket = live.tickets.pop(task_id)
        del self._owners[ticket]
        self._nested.pop(ticket, None)

    def _cancel(self, live: LiveExecution, task_id: int) -> None:
        live_map = live.maps.get(task_id)
        if live_map is not None:
            self._maps.abort(live_map)
            return
        ticket = live.tickets.get(task_id)
        if ticket is None:
            # Its outcome is already queued for delivery.
            return
        self._maps.asked.append(Cancel(ticket))
        nested = self._nested.get(ticket)
        self._forget(live, task_id)
        if nested is not None:
            self.drop(nested)

    def _hear(self, ticket: int, answer: Answer | MapAnswer) -> None:
        owner = self._owners.get(ticket)
        if owner is None:
            self._maps.hear(ticket, answer)
            return
        live, task_id = owner
        if isinstance(answer, Broken):
            self.break_off(live, answer.problem)
        elif isinstance(answer, StartExecution):
            nested = self._enter(answer.execution, live.root, lambda ended: answer.ended())
            self._nested[ticket] = nested
            self.guard(nested, self._begin, nested, answer.began)
        elif not isinstance(answer, MAP_ANSWERS):
            if isinstance(answer, _END):
                self._forget(live, task_id)
            self._told.append((live, task_id, answer))

    # Time.

    def _advance(self) -> None:
        """Fire the timers that are due."""
        while (wake_at := self._wakes.next()) is not None and wake_at <= self.now:
            live = self._wakes.take()
            self.guard(live, self._advance_one, live)

    def _advance_one(self, live: LiveExecution) -> None:
        self._carry(live, live.execution.advance(self.now), "advance")
