"""The blocking driver: runs executions side by side, over one task port and one clock.

::

    runner = Runner(tasks, clock)
    runner.add(execution)
    runner.run()

While work is in flight a clock that jumps pauses: a timer goes off only once as much real time has passed as
it was set for. With nothing in flight it jumps to the next timer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from asltool.driver.clock import clock_of
from asltool.driver.fleet import Fleet, Turn
from asltool.driver.lines import Call, CallChildren, Cancel, MapEnd, MapReach, MapShow, Watch
from asltool.driver.map_outside import MapOutside, Maps
from asltool.driver.ports import Answer, Broken, Clock, SleepingClock, TaskPort
from asltool.engine.execution import Execution
from asltool.engine.map_effects import MapAnswer
from asltool.engine.map_run import MapRun
from asltool.errors import NoAnswer

__all__ = ["Runner", "Watch", "run"]


def run(
    execution: Execution,
    tasks: TaskPort,
    clock: Clock | SleepingClock,
    watch: Watch | None = None,
    maps: Maps | None = None,
) -> None:
    """See this execution through to its end, from its start or from where it was loaded.

    Raises:
        NoHandler: a task that nothing does.
        NoAnswer: a task whose outcome nothing is left to give.
        TasksError: a distributed Map, and nothing to read its items with or to write its results to.
    """
    runner = Runner(tasks, clock, maps)
    runner.add(execution, watch=watch)
    runner.run()


class Runner:
    """Runs every execution that is added, until all have ended.

    ``maps`` says how map runs are read, written, and watched; None where there will be none.
    """

    def __init__(self, tasks: TaskPort, clock: Clock | SleepingClock, maps: Maps | None = None) -> None:
        self._tasks = tasks
        self._clock = clock_of(clock)
        self._maps = maps or Maps()
        self._fleet = Fleet(self._maps.processes, self._maps.machines)
        self._outsides: dict[int, MapOutside] = {}

    @property
    def broken(self) -> Sequence[tuple[Execution, Exception]]:
        """The executions that could not be run to their end, each with the reason."""
        return self._fleet.broken

    def add(
        self,
        execution: Execution,
        on_end: Callable[[Execution], None] | None = None,
        *,
        watch: Watch | None = None,
    ) -> None:
        """Take in an execution that has not begun, or was loaded; ``on_end`` is called with it at its end."""
        self._fleet.add(execution, on_end, watch)

    def run(self) -> None:
        """Run until every execution has ended.

        An execution that cannot go on ends alone; what has ended it is raised once all others have ended,
        with a note that names the execution if there are several. The first is raised; `broken` has all.

        Raises:
            NoHandler, NoAnswer, TasksError: see `run`.
        """
        answers: list[tuple[int, Answer | MapAnswer]] = []
        try:
            while True:
                turn = self._fleet.turn(self._clock.now(), answers)
                answers = self._carry_out(turn)
                if turn.over:
                    break
                answers += self._wait(turn, at_once=bool(answers))
        except NoAnswer:
            if not self.broken:
                raise
        if self.broken:
            raise self.broken[0][1]

    def _carry_out(self, turn: Turn) -> list[tuple[int, Answer | MapAnswer]]:
        """Carry effects out; what map runs have noted is kept before any work begins."""
        answers: list[tuple[int, Answer | MapAnswer]] = []
        kept = not self._maps.journals
        for effect in turn.effects:
            try:
                if isinstance(effect, Call):
                    if not kept:
                        kept = self._keep()
                    self._tasks.start(effect.ticket, effect.call, alone=turn.alone and not answers)
                elif isinstance(effect, Cancel):
                    self._tasks.cancel(effect.ticket)
                elif isinstance(effect, MapShow):
                    self._show(effect.run)
                else:
                    kept = self._carry_out_for_map(effect, answers) and kept
            except Exception as problem:
                if isinstance(effect, MapShow):
                    raise
                answers.append((effect.ticket, Broken(problem)))
        return answers

    def _keep(self) -> bool:
        """Keep what map runs have noted: the place where a driver commits."""
        self._maps.flush()
        return True

    def _carry_out_for_map(
        self, effect: MapReach | CallChildren | MapEnd, answers: list[tuple[int, Answer | MapAnswer]]
    ) -> bool:
        """Carry out an effect of a map run; return whether there is nothing to be kept."""
        match effect:
            case CallChildren(ticket, chunk):
                self._keep()
                self._tasks.start_children(ticket, chunk)
            case MapReach(ticket, state, reach):
                outside = self._outsides.get(ticket)
                if outside is None:
                    outside = self._outsides[ticket] = MapOutside(self._maps, state)
                answer = outside.carry_out(reach)
                if answer is not None:
                    answers.append((ticket, answer))
            case MapEnd(ticket, run):
                if ticket in self._outsides:
                    self._outsides.pop(ticket).end()
                self._show(run)
        return not self._maps.journals

    def _show(self, run: MapRun) -> None:
        if self._maps.watch is not None:
            self._maps.watch(run)

    def _wait(self, turn: Turn, *, at_once: bool) -> Sequence[tuple[int, Answer]]:
        """Wait for whatever comes first, an answer or the next turn."""
        if at_once or (turn.wake_at is not None and turn.wake_at <= self._clock.now()):
            return self._tasks.wait(0) if self._tasks.busy else []
        if self._maps.journals:
            self._maps.flush()
        wake_at = turn.wake_at
        if wake_at is None or self._tasks.busy:
            answers = self._tasks.wait(None if wake_at is None else self._clock.until(wake_at, idle=False))
            if answers or wake_at is None:
                return answers
        # A system clock that is set back would make one long sleep come back early.
        while (rest := self._clock.until(wake_at, idle=True)) > 0:
            time.sleep(rest)
        return []
