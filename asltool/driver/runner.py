"""The blocking driver: runs executions concurrently, with one task port and one clock.

::

    runner = Runner(tasks, clock)
    runner.add(execution)
    runner.run()

While work is running, a virtual clock pauses: a timer fires only after the same real time. Otherwise the
clock jumps to the next timer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from asltool.driver.clock import clock_of
from asltool.driver.fleet import Fleet, Turn
from asltool.driver.live import Asked, Cancel, DoTask, Watch
from asltool.driver.log import Log, Note, Step
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Answer, Broken, Clock, SleepingClock, TaskPort
from asltool.driver.reaching import Reached, Reacher
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.errors import NoAnswer

__all__ = ["Runner", "Watch", "carry_out", "run"]


def run(
    execution: Execution,
    tasks: TaskPort,
    clock: Clock | SleepingClock,
    watch: Watch | None = None,
    maps: Maps | None = None,
) -> None:
    """Run this execution to its end, from its start or from where it was loaded.

    Raises:
        NoHandler: a task has no handler.
        NoAnswer: a task waits for a task token that can no longer be sent.
        OptionError: a distributed Map has no storage for its items or results.
    """
    runner = Runner(tasks, clock, maps)
    runner.add(execution, watch=watch)
    runner.run()


def carry_out(tasks: TaskPort, effects: list[Asked], *, alone: bool) -> list[Reached]:
    """Start and cancel work; return an answer for each effect that raised."""
    answers: list[Reached] = []
    for effect in effects:
        try:
            if isinstance(effect, DoTask):
                tasks.start(effect.ticket, effect.call, alone=alone)
            elif isinstance(effect, Cancel):
                tasks.cancel(effect.ticket)
            else:
                tasks.start_children(effect.ticket, effect.chunk)
        except Exception as problem:
            answers.append((effect.ticket, Broken(problem)))
    return answers


def _reporting(ended: Callable[[Execution], object], note: Note | None) -> Note:
    """Return a note of steps that also reports each execution that has ended."""

    def noted(execution: Execution, step: Step, effects: Sequence[Effect], root: Execution) -> None:
        if note is not None:
            note(execution, step, effects, root)
        if execution.status != "RUNNING":
            ended(execution)

    return noted


class Runner:
    """Runs all added executions until they have ended.

    ``maps`` is the storage and the watchers of map runs; None if there are none. ``log`` stores every step,
    and commits before the work that a step requires starts. ``ended`` is called with each execution that ends
    in this process, also with nested ones and with children of map runs.
    """

    def __init__(
        self,
        tasks: TaskPort,
        clock: Clock | SleepingClock,
        maps: Maps | None = None,
        log: Log | None = None,
        ended: Callable[[Execution], object] | None = None,
    ) -> None:
        self._tasks = tasks
        self._clock = clock_of(clock)
        self._maps = maps or Maps()
        self._log = log
        self._commits = log is not None or self._maps.journal is not None
        note = None if log is None else log.note
        self._fleet = Fleet(self._maps.elsewhere, note if ended is None else _reporting(ended, note))
        self._reacher = Reacher(self._maps)

    @property
    def broken(self) -> Sequence[tuple[Execution, Exception]]:
        """The executions that could not be run to their end, with the reasons."""
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

        An execution that breaks ends alone; its exception is raised when all others have ended, with a note
        that names the execution if there are several. The first one is raised; `broken` has all. An exception
        from a commit of the log or a journal ends all of them at once.

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
                    answers += carry_out(self._tasks, turn.effects, alone=turn.alone and not answers)
                if turn.over:
                    break
                answers += self._wait(turn, at_once=bool(answers))
        except NoAnswer:
            if not self.broken:
                raise
        if self.broken:
            raise self.broken[0][1]

    def _commit(self) -> None:
        """Commit the steps of executions and the journals of map runs. If that fails, nothing more is carried
        out."""
        if self._log is not None:
            self._log.commit()
        self._maps.flush()

    def _wait(self, turn: Turn, *, at_once: bool) -> Sequence[tuple[int, Answer]]:
        """Wait for an answer or the next turn, whichever comes first."""
        if at_once or (turn.wake_at is not None and turn.wake_at <= self._clock.now()):
            return self._tasks.wait(0) if self._tasks.busy else []
        if self._commits:
            self._commit()
        wake_at = turn.wake_at
        if wake_at is None or self._tasks.busy:
            answers = self._tasks.wait(None if wake_at is None else self._clock.until(wake_at, idle=False))
            if answers or wake_at is None:
                return answers
        # One long sleep would end early if the system clock is set back.
        while (rest := self._clock.until(wake_at, idle=True)) > 0:
            time.sleep(rest)
        return []
