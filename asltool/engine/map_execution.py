"""A map run as a value: it returns its next effect, and is called with the result.

::

    effect = run.next_effect(now)           # StartChild, ReadMore, Write ...; None: something must end first
    run.answer(ItemsRead(items, last), now)
    run.child_ended(index, execution, now)

It does no I/O. Items are read as there is room for children, and of successful children only the state's
output is kept, so memory does not grow with the number of items.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Literal

from asltool.engine import map_effects as ask
from asltool.engine.effects import Failed, StartMapRun, Succeeded
from asltool.engine.execution import Execution
from asltool.engine.failures import explained
from asltool.engine.map_children import ChildExecutions
from asltool.engine.map_chunks import Chunks
from asltool.engine.map_io import ChildEnd, ChunkEnd
from asltool.engine.map_items import Done, Input, Inputs
from asltool.engine.map_results import Results
from asltool.engine.map_run import MapRun, MapRunStatus, too_many_failed
from asltool.errors import EvaluationError, TaskFailed

__all__ = ["STRIDE", "MapExecution"]

STRIDE = 500
"""The most items, results or ends in one effect."""

_Phase = Literal["opening", "catching up", "running", "telling", "closing", "over"]
"""``telling``: results are sorted, or unsuccessful children added to them, at the end."""


class MapExecution:
    """The map run for ``effect``; ``definition`` is that of its machine, as JSON text, if other processes run
    its children.

    ``chunks`` are those children. ``outcome`` is the Map state's outcome once the run has ended; it stays
    None if the run was aborted.
    """

    def __init__(self, effect: StartMapRun, now: float, definition: str | None = None) -> None:
        self.effect = effect
        self.run = MapRun(effect.plan, effect.state, effect.parent.execution_arn)
        self.outcome: Succeeded | Failed | None = None
        self._plan = effect.plan
        self._child_executions = ChildExecutions.of(effect, now, definition)
        self.chunks = Chunks()
        self._is_elsewhere = definition is not None
        self._phase: _Phase = "opening"
        self._asked = self._journalled = False
        self._queue: deque[ask.MapEffect] = deque()
        self._running: dict[int, tuple[int, Execution]] = {}
        self._done = Done(effect.plan)
        self._inputs = Inputs(effect.plan, effect.children, effect.scope, effect.seed, self._done)
        self._given: Iterator[Input] = iter(())
        self._all_read = False
        self._results = Results(effect, self._child_executions)

    @property
    def is_ending(self) -> bool:
        """Whether it has ended, apart from effects that are still outstanding."""
        return self._phase == "over" and bool(self._queue)

    # Effects.

    def next_effect(self, now: float) -> ask.MapEffect | None:
        """Return the next effect; None while something must be reported first."""
        try:
            while not self._queue and not self._asked:
                effect = self._next(now)
                if effect is None:
                    return None
                if effect is not _LOOK_AGAIN:
                    return effect
        except EvaluationError as problem:
            self._refuse(problem, now)
        return self._queue.popleft() if self._queue else None

    def unwritten(self) -> ask.Write | None:
        """Return the outstanding writes, to be carried out before anything else starts."""
        return self._results.write() if self._results.unwritten else None

    def _next(self, now: float) -> ask.MapEffect | None:
        match self._phase:
            case "running":
                return self._next_chunk(now) if self._is_elsewhere else self._next_child(now)
            case "opening":
                nested, results = "/" in self.effect.parent.state_machine, self._results
                reader, keeps = self._plan.reader, results.to_files
                return self._ask(ask.Open(self.run, results.target, reader, keeps, nested))
            case "catching up":
                return self._ask(ask.ReadEnded(STRIDE))
            case "telling":
                return self._tell(now)
            case "closing":
                self._queue.extend([self._results.write(), self._ask(ask.Close())])
                return _LOOK_AGAIN
            case "over":
                return None

    def _ask(self, effect: ask.MapEffect) -> ask.MapEffect:
        self._asked = True
        return effect

    def _next_child(self, now: float) -> ask.MapEffect | None:
        room = self.run.limit - len(self._running)
        if room <= 0:
            return None
        found = next(self._given, None)
        if found is None:
            return self._after_items(room, now)
        index, items, value = found
        child = self._child_executions.child(index, value)
        self._running[index] = items, child
        self.run.begin(items)
        return ask.StartChild(index, items, child)

    def _next_chunk(self, now: float) -> ask.MapEffect | None:
        """Start a chunk if there is room."""
        if not self.chunks.has_room(self.run):
            return None
        inputs = self.chunks.next(self._given, self.run, last=self._all_read)
        if not inputs:
            return self._after_items(STRIDE, now)
        tolerated = self.run.tolerated(all_known=self._plan.items is not None)
        return ask.StartChildren(inputs[0][0], self._child_executions.chunk(inputs, tolerated, now))

    def _after_items(self, room: int, now: float) -> ask.MapEffect | None:
        """Read more items, or end the run once every item has been processed."""
        if not self._all_read:
            return self._ask(ask.ReadMore(min(room, STRIDE)))
        if self._running or not self.chunks.is_idle:
            return None
        if self.run.exceeded(all_known=True):
            self._fail(*too_many_failed(), now)
        else:
            self._phase = "telling"
            self._results.line_up()
        return _LOOK_AGAIN

    def _tell(self, now: float) -> ask.MapEffect:
        """Sort the results, or add the unsuccessful children; then close."""
        failed = self.outcome is not None
        pending = self._child_executions.not_ended("PENDING", self._given if failed else (), now)
        if self._results.add_more(STRIDE, pending):
            return self._results.write()
        if failed and not self._all_read:
            return self._ask(ask.ReadMore(STRIDE))
        self._phase = "closing"
        return _LOOK_AGAIN

    # Reports.

    def answer(self, answer: ask.MapAnswer, now: float) -> None:
        """Report the answer to an effect."""
        if self._phase == "over":
            return
        if not isinstance(answer, ask.Refused):
            self._asked = False
        match answer:
            case ask.Opened(journal):
                self._opened(journal, now)
            case ask.EndedRead(children, last):
                self._results.catch_up(children, self.run, self._done)
                if last:
                    self._phase = "running"
                    self._fail_if_too_many(now)
            case ask.ItemsRead(items, last):
                self._all_read = last
                self._given = self._inputs.feed(items, last=last)
            case ask.Closed(output):
                self._end("SUCCEEDED" if self.outcome is None else "FAILED", now)
                self.outcome = self.outcome or Succeeded(output)
            case ask.Refused(problem):
                self._refuse(problem, now)

    def child_ended(self, index: int, child: Execution, now: float) -> None:
        """Report that a child has ended."""
        if index in self._running:
            items, _ = self._running.pop(index)
            self.run.end(child.status, items, child)
            ended = self._child_executions.ended(index, items, child)
            if self._journalled:
                self._results.note(ended)
            self._results.add(ended)
            self._fail_if_too_many(now)

    def chunk_ended(self, first: int, end: ChunkEnd, now: float) -> None:
        """Report the end of the chunk that begins with this child."""
        if end.lost is not None:
            killer = self.chunks.lose(first)
            if killer is None:
                return
            end = self._child_executions.killed(killer, end.lost, now)
        elif not self.chunks.end(first, end):
            return
        for ended, tape in end.ended:
            child = None if tape is None else self._child_executions.revived(ended, tape)
            self.run.end(ended.status, ended.items, child)
            if self._journalled and not end.journalled:
                self._results.note(ended)
            self._results.add(ended)
        if end.part is not None:
            if self._journalled:
                self._results.note(end.part)
            self._results.take(end.part, self.run)
        self._fail_if_too_many(now)

    def abort(self, now: float) -> None:
        """End the map run, whose outcome is no longer needed."""
        if self._phase != "over":
            self._end_children(now)
            self.outcome = None
            self._end("ABORTED", now)

    def _opened(self, journal: bool, now: float) -> None:
        plan, self._journalled = self._plan, journal
        self._phase = "catching up" if journal else "running"
        if plan.items is not None:
            many = len(plan.items)
            self.run.expect(many, many if plan.batching is None else 0)
            self._given, self._all_read = self._inputs.feed(plan.items, last=True), True
        elif plan.reader is not None and plan.reader.config.get("MaxItems", 0) < 0:
            self._all_read = True
            self._refuse(TaskFailed("States.ItemReaderFailed", "field MaxItems must be positive"), now)

    # The end.

    def _fail_if_too_many(self, now: float) -> None:
        if self._phase == "running" and self.run.exceeded(all_known=self._plan.items is not None):
            self._fail(*too_many_failed(), now)

    def _refuse(self, problem: TaskFailed | EvaluationError, now: float) -> None:
        """Fail the map run because of its items or results, unless it has already failed."""
        if self.outcome is not None:
            self._end("FAILED", now)
            return
        self._given, self._all_read = iter(()), True
        cause = problem.cause
        if isinstance(problem, EvaluationError):
            cause = explained(self.effect.state, self._plan.entered_id, problem)
        self._fail(problem.error, cause, now)

    def _fail(self, error: str | None, cause: str | None, now: float) -> None:
        opened = self._phase != "opening"
        self._results.line_up(self._end_children(now))
        self._given = chain(self.chunks.take_rest(), self._given)
        self.outcome = Failed(error, cause)
        self._asked = False
        if opened and self._results.to_files:
            self._phase = "telling"
        else:
            self._end("FAILED", now)

    def _end_children(self, now: float) -> Iterator[ChildEnd]:
        """Abort the running children; return their records once that has been carried out."""
        running, self._running = self._running, {}
        firsts, chunks = list(self.chunks.running), self.chunks.take_begun()
        for index, (items, child) in running.items():
            self._queue.append(ask.AbortChild(index))
            self.run.end("ABORTED", items, child)
        self._queue.extend(map(ask.AbortChildren, firsts))
        elsewhere = list(chain.from_iterable(chunks))
        for _, items, _ in elsewhere:
            self.run.end("ABORTED", items)
        here = (
            self._child_executions.ended(index, items, child) for index, (items, child) in running.items()
        )
        return chain(here, self._child_executions.not_ended("ABORTED", elsewhere, now))

    def _end(self, status: MapRunStatus, now: float) -> None:
        self._phase, self._asked = "over", False
        self._given = iter(())
        self.run.stop(status, now)
        self._queue.extend([self._results.write(), ask.EndRun()])


_LOOK_AGAIN = ask.EndRun()
"""No effect: the phase has changed."""
