"""The plain driver: carries an execution's effects out until it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asltool.engine.effects import CallTask, CancelTask, Effect
from asltool.engine.execution import Execution
from asltool.engine.ports import Clock, TaskPort

__all__ = ["Watch", "run"]

Watch = Callable[[Execution, Sequence[Effect]], None]
"""Told after every step: the execution, whose records may have grown, and what it asks for."""


def run(execution: Execution, tasks: TaskPort, clock: Clock, watch: Watch | None = None) -> None:
    """See this execution through to its end, from its start or from where it was loaded.

    While work is in flight the clock stands: a timer goes off only once as much real time has passed as it
    was set for. With nothing in flight the clock sleeps up to the next timer.

    Raises:
        NoHandler: a task that nobody does.
        NoAnswer: a task whose outcome nobody is left to give.
    """
    effects = execution.start(clock.now()) if execution.status == "PENDING" else execution.outstanding()
    while True:
        if watch is not None:
            watch(execution, effects)
        for effect in effects:
            if isinstance(effect, CallTask):
                alone = len(execution.tasks) == 1 and execution.wake_at is None
                tasks.start(effect.task_id, effect, alone=alone)
            elif isinstance(effect, CancelTask):
                tasks.cancel(effect.task_id)
        if execution.status != "RUNNING":
            return
        effects = _next(execution, tasks, clock)


def _next(execution: Execution, tasks: TaskPort, clock: Clock) -> list[Effect]:
    """Wait for whatever comes first, an outcome or a timer, and tell the execution."""
    wake_at = execution.wake_at
    if tasks.busy or wake_at is None:
        outcomes = tasks.wait(None if wake_at is None else wake_at - clock.now())
        if outcomes or wake_at is None:
            now = clock.now()
            return [effect for told in outcomes for effect in execution.deliver(*told, now)]
    clock.sleep_until(wake_at)
    return execution.advance(clock.now())
