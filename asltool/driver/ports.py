"""What the engine's runner needs from outside. Whoever has these can run a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from asltool.engine.effects import CallTask, Outcome

__all__ = ["Clock", "TaskPort"]


class Clock(Protocol):
    """Tells the time, and passes it. Moments are seconds since the epoch.

    One that jumps says so by an attribute ``patient`` that is False: a run then waits for its own functions
    only. Without the attribute a clock goes in real time, and a run waits for task tokens from anywhere.
    """

    def now(self) -> float:
        """Return this moment."""

    def sleep_until(self, moment: float) -> None:
        """Come back at this moment, or at once if it has passed."""


class TaskPort(Protocol):
    """Does the work of Task states, possibly several at a time.

    Every task has a ticket of its own, an integer, whichever execution it belongs to. Where the work is to
    run another execution, tell `RunExecution`: it runs in the same driver, on the same clock. In an
    integration::

        def work(job: Job) -> None:
            nested = Execution(program, job.call.input["Input"], identity)
            job.tell(RunExecution(nested, lambda ended: job.tell(Succeeded(ended.output))))

    The outcome is told by ``on_end`` or at once: an execution whose task has ended runs on by itself.
    """

    @property
    def busy(self) -> bool:
        """Whether work is in flight, so that an outcome will come by itself."""

    def start(self, ticket: int, call: CallTask, *, alone: bool) -> None:
        """Begin this work, or look after it if it was submitted before: its ticket is then the same.

        ``alone``: nothing else runs or waits, so it may as well be done here and now.

        Raises:
            NoHandler: nobody does this kind of work.
        """

    def cancel(self, ticket: int) -> None:
        """Stop this work if it can be stopped; its outcome is not wanted any more."""

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Outcome]]:
        """Return the outcomes there are, waiting so many real seconds for the first; None: for ever.

        Raises:
            NoAnswer: it would be for ever, for nobody is left who could give an outcome.
        """
