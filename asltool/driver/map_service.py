"""The effects of map runs that need no I/O: children start, end and are aborted."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from typing import Protocol

from asltool.driver.live import (
    Asked,
    Cancel,
    LiveExecution,
    LiveMapRun,
    MapEnd,
    MapReach,
    MapShow,
    Reaching,
    RunChildren,
)
from asltool.driver.log import Note, Step, StepCall
from asltool.driver.map_outside import MapRegister, Reach
from asltool.driver.ports import Answer, Broken, Capacity
from asltool.engine.effects import Effect, Failed, Outcome, StartMapRun, Succeeded
from asltool.engine.execution import Execution
from asltool.engine.map_effects import (
    AbortChild,
    AbortChildren,
    Closed,
    EndedRead,
    EndRun,
    ItemsRead,
    MapAnswer,
    MapEffect,
    Opened,
    Refused,
    StartChild,
    StartChildren,
)
from asltool.engine.map_execution import STRIDE, MapExecution
from asltool.errors import TaskFailed

__all__ = ["MAP_ANSWERS", "Host", "MapService"]

MAP_ANSWERS = (Opened, EndedRead, ItemsRead, Closed, Refused)

_COST = 20
"""The weight of a child that does not end at once, since it may soon have something to report."""

_KEPT_COST = 10
"""As how many one counts that is kept, though it ends at once: it takes that much longer to be committed."""


class Host(Protocol):
    """Keeps the executions of map runs and their children."""

    @property
    def now(self) -> float: ...

    @property
    def register(self) -> MapRegister | None:
        """Keeps map runs and their children, if anything does."""

    @property
    def note(self) -> Note | None:
        """Called after each step, if there is a log."""

    def guard(self, live: LiveExecution, do: Callable[..., None], *args: object) -> None:
        """Call ``do``; if it raises, end this execution and those that belong to it, but no others."""

    def break_off(self, live: LiveExecution, problem: Exception) -> None:
        """End this execution, and those that belong to it, with this problem."""

    def take(
        self,
        child: Execution,
        root: LiveExecution,
        effects: list[Effect],
        on_end: Callable[[Execution], None],
        call: StepCall | None,
    ) -> LiveExecution:
        """Add a child after this call; None: it started in another process."""

    def drop(self, live: LiveExecution) -> None:
        """Abort an execution that is no longer needed; its end is not reported."""

    def report(self, live: LiveExecution, task_id: int, outcome: Outcome) -> None:
        """Queue an outcome for delivery."""


class MapService:
    """Advances map runs. ``reaching`` are their reads and writes, ``asked`` the effects that start or stop
    work.

    ``serving`` are those that can continue at once, ``chunks`` the children in other processes.
    """

    def __init__(self, host: Host, numbers: Iterator[int], elsewhere: Capacity | None) -> None:
        self.reaching: list[Reaching] = []
        self.asked: list[Asked] = []
        self._host = host
        self._numbers = numbers
        self._elsewhere = elsewhere
        self._live: dict[int, LiveMapRun] = {}
        self.chunks: dict[int, tuple[LiveMapRun, int]] = {}
        self.serving: deque[LiveMapRun] = deque()

    def serve(self) -> None:
        """Carry out some effects of each map run that can continue."""
        for _ in range(len(self.serving)):
            self._serve(self.serving.popleft())

    def hear(self, ticket: int, answer: Answer | MapAnswer) -> None:
        """Accept an answer for a map run or for children in other processes; late answers are ignored."""
        live_map = self._live.get(ticket)
        if ticket in self.chunks:
            self._hear_chunk(ticket, answer)
        elif live_map is not None and isinstance(answer, Broken):
            self._host.break_off(live_map.live, answer.problem)
        elif live_map is not None:
            assert isinstance(answer, MAP_ANSWERS)
            self._host.guard(live_map.live, live_map.run.answer, answer, self._host.now)
            self._want_service(live_map)

    def abort(self, live_map: LiveMapRun) -> None:
        """End a map run whose outcome is no longer needed."""
        live_map.run.abort(self._host.now)
        self._serve(live_map)

    def end(self, live_map: LiveMapRun) -> None:
        """Close a map run, and report its end, unless its execution broke before it."""
        live, run = live_map.live, live_map.run
        for first in list(live_map.chunks):
            self._cancel_chunk(live_map, first)
        del self._live[live_map.ticket]
        del live.maps[run.effect.task_id]
        self.reaching.append(MapEnd(live_map.ticket, run.run))
        if run.outcome is not None:
            self._host.report(live, run.effect.task_id, run.outcome)

    def start(self, live: LiveExecution, effect: StartMapRun) -> None:
        """Add a map run that an execution requests."""
        definition = None
        if self._may_leave(live, effect):
            definition = json.dumps(live.execution.program.definition)
        run = MapExecution(effect, self._host.now, definition)
        live_map = LiveMapRun(live, next(self._numbers), run)
        if self._host.register is not None:
            self._host.register.began(live_map.run)
        live.maps[effect.task_id] = live_map
        self._live[live_map.ticket] = live_map
        self._want_service(live_map)

    def _may_leave(self, live: LiveExecution, effect: StartMapRun) -> bool:
        """Return whether the children may run in other processes."""
        if self._elsewhere is None or live.execution.program.definition is None:
            return False
        register = self._host.register
        return register is None or register.may_leave(effect.children)

    def _want_service(self, live_map: LiveMapRun) -> None:
        if not live_map.serving and live_map.ticket in self._live:
            live_map.serving = True
            self.serving.append(live_map)

    def _serve(self, live_map: LiveMapRun) -> None:
        """Carry out some effects of a map run."""
        live_map.serving = False
        if live_map.ticket in self._live:
            self._host.guard(live_map.live, self._serve_some, live_map)

    def _serve_some(self, live_map: LiveMapRun) -> None:
        run, budget = live_map.run, STRIDE
        if self._elsewhere is not None:
            run.chunks.workers = self._elsewhere.workers
        while budget > 0 or run.is_ending:
            effect = run.next_effect(self._host.now)
            if effect is None:
                break
            if type(effect) is StartChild:
                budget -= self._start_child(live_map, effect)
            else:
                self._carry_map(live_map, effect)
        else:
            self._want_service(live_map)
        if (write := run.unwritten()) is not None:
            self._reach(live_map, write)
        if run.run.status == "RUNNING":
            self.reaching.append(MapShow(run.run))

    def _start_child(self, live_map: LiveMapRun, effect: StartChild) -> int:
        """Start a child; return its weight."""
        child, index = effect.execution, effect.index
        register = self._host.register
        if register is not None and register.child(child, live_map.run.run, effect, self._host.now):
            self._go_on_with(live_map, index, child, child.outstanding(), None)
            return _COST
        effects = child.start(self._host.now)
        if child.status != "RUNNING":
            if self._host.note is not None:
                root = live_map.live.root.execution
                self._host.note(child, Step("start", self._host.now), effects, root)
            live_map.run.child_ended(index, child, self._host.now)
            return 1 if register is None else _KEPT_COST
        self._go_on_with(live_map, index, child, effects, "start")
        return _COST

    def _go_on_with(
        self,
        live_map: LiveMapRun,
        index: int,
        child: Execution,
        effects: list[Effect],
        call: StepCall | None,
    ) -> None:
        def ended(child: Execution) -> None:
            del live_map.children[index]
            live_map.run.child_ended(index, child, self._host.now)
            self._want_service(live_map)

        live_map.children[index] = self._host.take(child, live_map.live.root, effects, ended, call)

    def _carry_map(self, live_map: LiveMapRun, effect: MapEffect) -> None:
        match effect:
            case AbortChild(index):
                if index in live_map.children:  # it may have ended since, in the turn that aborted it
                    self._host.drop(live_map.children.pop(index))
            case StartChildren(first, chunk):
                ticket = next(self._numbers)
                live_map.chunks[first] = ticket
                self.chunks[ticket] = live_map, first
                self.asked.append(RunChildren(ticket, chunk))
            case AbortChildren(first):
                self._cancel_chunk(live_map, first)
            case EndRun():
                self.end(live_map)
            case StartChild():
                self._start_child(live_map, effect)
            case _:
                self._reach(live_map, effect)

    def _reach(self, live_map: LiveMapRun, effect: Reach) -> None:
        self.reaching.append(MapReach(live_map.ticket, live_map.run.effect.state, effect))

    def _cancel_chunk(self, live_map: LiveMapRun, first: int) -> None:
        ticket = live_map.chunks.pop(first)
        del self.chunks[ticket]
        self.asked.append(Cancel(ticket))

    def _hear_chunk(self, ticket: int, answer: Answer | MapAnswer) -> None:
        live_map, first = self.chunks[ticket]
        if isinstance(answer, Failed):  # Its results cannot be written.
            answer = Refused(TaskFailed(answer.error or "", answer.cause or ""))
        if isinstance(answer, Refused):  # The map run fails, and cancels its chunks.
            self._host.guard(live_map.live, live_map.run.answer, answer, self._host.now)
            self._want_service(live_map)
            return
        del self.chunks[ticket], live_map.chunks[first]
        if isinstance(answer, Broken):
            self._host.break_off(live_map.live, answer.problem)
            return
        assert isinstance(answer, Succeeded)
        live_map.run.chunk_ended(first, answer.output, self._host.now)
        self._want_service(live_map)
