"""What map runs ask for, as far as that happens inside: children begin, end and are aborted. Without I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Protocol

from asltool.driver.lines import (
    Asked,
    CallChildren,
    Cancel,
    Line,
    MapEnd,
    MapLine,
    MapReach,
    MapShow,
    Reaching,
)
from asltool.driver.log import Note, Step
from asltool.driver.map_outside import Reach
from asltool.driver.ports import Answer, Broken
from asltool.engine.effects import Effect, Outcome, StartMapRun, Succeeded
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

__all__ = ["MAP_ANSWERS", "Host", "MapService"]

MAP_ANSWERS = (Opened, EndedRead, ItemsRead, Closed, Refused)

_COST = 20
"""As how many children one counts that does not end at once: it may soon have something to report."""


class Host(Protocol):
    """Where the executions are that map runs belong to, and their children."""

    @property
    def now(self) -> float: ...

    @property
    def note(self) -> Note | None:
        """Called after each step, if there is a log."""

    def guard(self, line: Line, do: Callable[..., None], *args: object) -> None:
        """Let what goes wrong inside end this execution and what belongs to it, and no other."""

    def break_off(self, line: Line, problem: Exception) -> None:
        """End this execution, and what belongs to it, with what has gone wrong."""

    def take(
        self, child: Execution, root: Line, effects: list[Effect], on_end: Callable[[Execution], None]
    ) -> Line:
        """Take in a child that has just begun."""

    def drop(self, line: Line) -> None:
        """Abort an execution that nothing waits for any more; its end is not reported."""

    def report(self, line: Line, task_id: int, outcome: Outcome) -> None:
        """Have an outcome delivered."""


class MapService:
    """Lets map runs get on. ``reaching`` is what they read and write, ``asked`` what begins or ends work.

    ``serving`` are those that can get on at once, ``chunks`` the children that run in other processes.
    """

    def __init__(self, host: Host, numbers: Iterator[int], processes: int, machines: Collection[str]) -> None:
        self.reaching: list[Reaching] = []
        self.asked: list[Asked] = []
        self._host = host
        self._numbers = numbers
        self._elsewhere = processes, machines
        self._lines: dict[int, MapLine] = {}
        self.chunks: dict[int, tuple[MapLine, int]] = {}
        self.serving: deque[MapLine] = deque()

    def serve(self) -> None:
        """Let each map run that can get on have a part of what it asks for."""
        for _ in range(len(self.serving)):
            self._serve(self.serving.popleft())

    def hear(self, ticket: int, answer: Answer | MapAnswer) -> None:
        """Take an answer for a map run or for children elsewhere; one that comes too late is ignored."""
        map_line = self._lines.get(ticket)
        if ticket in self.chunks:
            self._hear_chunk(ticket, answer)
        elif map_line is not None and isinstance(answer, Broken):
            self._host.break_off(map_line.line, answer.problem)
        elif map_line is not None:
            assert isinstance(answer, MAP_ANSWERS)
            self._host.guard(map_line.line, map_line.run.answer, answer, self._host.now)
            self._want_service(map_line)

    def abort(self, map_line: MapLine) -> None:
        """End a map run whose outcome is no longer needed."""
        map_line.run.abort(self._host.now)
        self._serve(map_line)

    def end(self, map_line: MapLine) -> None:
        """Close a map run, and report how it has ended; one of a broken execution may not have."""
        line, run = map_line.line, map_line.run
        for first in list(map_line.chunks):
            self._cancel_chunk(map_line, first)
        del self._lines[map_line.ticket]
        del line.maps[run.effect.task_id]
        self.reaching.append(MapEnd(map_line.ticket, run.run))
        if run.outcome is not None:
            self._host.report(line, run.effect.task_id, run.outcome)

    def start(self, line: Line, effect: StartMapRun) -> None:
        """Take in a map run that an execution asks for."""
        many, machines = self._elsewhere
        processes = many if effect.parent.whole_machine in machines else 0
        map_line = MapLine(line, next(self._numbers), MapExecution(effect, self._host.now, processes))
        line.maps[effect.task_id] = map_line
        self._lines[map_line.ticket] = map_line
        self._want_service(map_line)

    def _want_service(self, map_line: MapLine) -> None:
        if not map_line.serving and map_line.ticket in self._lines:
            map_line.serving = True
            self.serving.append(map_line)

    def _serve(self, map_line: MapLine) -> None:
        """Let a map run have a part of what it asks for."""
        map_line.serving = False
        if map_line.ticket in self._lines:
            self._host.guard(map_line.line, self._serve_some, map_line)

    def _serve_some(self, map_line: MapLine) -> None:
        run, budget = map_line.run, STRIDE
        while budget > 0 or run.is_ending:
            effect = run.next_effect(self._host.now)
            if effect is None:
                break
            if type(effect) is StartChild:
                budget -= self._start_child(map_line, effect)
            else:
                self._carry_map(map_line, effect)
        else:
            self._want_service(map_line)
        if (write := run.unwritten()) is not None:
            self._reach(map_line, write)
        if run.run.status == "RUNNING":
            self.reaching.append(MapShow(run.run))

    def _start_child(self, map_line: MapLine, effect: StartChild) -> int:
        """Begin a child; return what that costs."""
        child, index = effect.execution, effect.index
        effects = child.start(self._host.now)
        if child.status != "RUNNING":
            if self._host.note is not None:
                root = map_line.line.root.execution
                self._host.note(child, Step("start", self._host.now), effects, root)
            map_line.run.child_ended(index, child, self._host.now)
            return 1

        def ended(child: Execution) -> None:
            del map_line.children[index]
            map_line.run.child_ended(index, child, self._host.now)
            self._want_service(map_line)

        map_line.children[index] = self._host.take(child, map_line.line.root, effects, ended)
        return _COST

    def _carry_map(self, map_line: MapLine, effect: MapEffect) -> None:
        match effect:
            case AbortChild(index):
                self._host.drop(map_line.children.pop(index))
            case StartChildren(first, chunk):
                ticket = next(self._numbers)
                map_line.chunks[first] = ticket
                self.chunks[ticket] = map_line, first
                self.asked.append(CallChildren(ticket, chunk))
            case AbortChildren(first):
                self._cancel_chunk(map_line, first)
            case EndRun():
                self.end(map_line)
            case StartChild():
                self._start_child(map_line, effect)
            case _:
                self._reach(map_line, effect)

    def _reach(self, map_line: MapLine, effect: Reach) -> None:
        self.reaching.append(MapReach(map_line.ticket, map_line.run.effect.state, effect))

    def _cancel_chunk(self, map_line: MapLine, first: int) -> None:
        ticket = map_line.chunks.pop(first)
        del self.chunks[ticket]
        self.asked.append(Cancel(ticket))

    def _hear_chunk(self, ticket: int, answer: Answer | MapAnswer) -> None:
        map_line, first = self.chunks.pop(ticket)
        del map_line.chunks[first]
        if isinstance(answer, Broken):
            self._host.break_off(map_line.line, answer.problem)
            return
        assert isinstance(answer, Succeeded)
        map_line.run.children_ended(first, answer.output, self._host.now)
        self._want_service(map_line)
