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
from asltool.driver.live import Asked, Cancel, DoTask, Watch
from asltool.driver.log import Log
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Answer, Broken, Clock, SleepingClock, TaskPort
from asltool.driver.reaching import Reached, Reacher
from asltool.engine.execution import Execution
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
        OptionError: a distributed Map, and nothing to read its items with or to write its results to.
    """
    runner = Runner(tasks, clock, maps)
    runner.add(execution, watch=watch)
    runner.run()


class Runner:
    """Runs every execution that is added, until all have ended.

    ``maps`` says how map runs are read, written, and watched; None where there will be none. ``log`` keeps
    every step, and commits before work begins that the step asked for.
    """

    def __init__(
        self,
        tasks: TaskPort,
        clock: Clock | SleepingClock,
        maps: Maps | None = None,
        log: Log | None = None,
    ) -> None:
        self._tasks = tasks
        self._clock = clock_of(clock)
        self._maps = maps or Maps()
        self._log = log
        self._commits = log is not None or self._maps.journal is not None
        self._fleet = Fleet(self._maps.processes, self._maps.machines, None if log is None else log.note)
        self._reacher = Reacher(self._maps)

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
        What the log or a journal raises when it is to commit ends all of them at once.

        Raises:
            NoHandler, NoAnswer, OptionError: see `run`.
        """
        answers: list[Reached] = []
        try:
            while True:
                turn = self._fleet.turn(self._clock.now(), answers)
                answers = self._reacher.reach(turn.reaches) if turn.reaches else []
                if self._commits and (turn.effects or turn.over):
                    self._commit()
                if turn.effects:
                    answers += self._carry_out(turn.effects, alone=turn.alone and not answers)
                if turn.over:
                    break
                answers += self._wait(turn, at_once=bool(answers))
        except NoAnswer:
            if not self.broken:
                raise
        if self.broken:
            raise self.broken[0][1]

    def _commit(self) -> None:
        """Keep what was noted of executions and map runs. Where that fails, nothing more is carried out."""
        if self._log is not None:
            self._log.commit()
        self._maps.flush()

    def _carry_out(self, effects: list[Asked], *, alone: bool) -> list[Reached]:
        """Begin and cancel work."""
        answers: list[Reached] = []
        for effect in effects:
            try:
                if isinstance(effect, DoTask):
                    self._tasks.start(effect.ticket, effect.call, alone=alone)
                elif isinstance(effect, Cancel):
                    self._tasks.cancel(effect.ticket)
                else:
                    self._tasks.start_children(effect.ticket, effect.chunk)
            except Exception as problem:
                answers.append((effect.ticket, Broken(problem)))
        return answers

    def _wait(self, turn: Turn, *, at_once: bool) -> Sequence[tuple[int, Answer]]:
        """Wait for whatever comes first, an answer or the next turn."""
        if at_once or (turn.wake_at is not None and turn.wake_at <= self._clock.now()):
            return self._tasks.wait(0) if self._tasks.busy else []
        if self._commits:
            self._commit()
        wake_at = turn.wake_at
        if wake_at is None or self._tasks.busy:
            answers = self._tasks.wait(None if wake_at is None else self._clock.until(wake_at, idle=False))
            if answers or wake_at is None:
                return answers
        # A system clock that is set back would make one long sleep come back early.
        while (rest := self._clock.until(wake_at, idle=True)) > 0:
            time.sleep(rest)
        return []
