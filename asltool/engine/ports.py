"""What the engine's runner needs from outside. Whoever has these can run a machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from asltool.engine.effects import CallTask, Outcome

__all__ = ["Clock", "TaskPort"]


class Clock(Protocol):
    """Tells the time, and passes it. Moments are seconds since the epoch."""

    def now(self) -> float:
        """Return this moment."""

    def sleep_until(self, moment: float) -> None:
        """Come back at this moment, or at once if it has passed."""


class TaskPort(Protocol):
    """Does the work of Task states, possibly several at a time."""

    def start(self, call: CallTask, *, alone: bool) -> None:
        """Begin this work. ``alone``: nothing else runs or waits, so it may as well be done here and now.

        Raises:
            NoHandler: nobody does this kind of work.
        """

    def cancel(self, task_id: int) -> None:
        """Stop this work if it can be stopped; its outcome is not wanted any more."""

    def wait(self, seconds: float | None) -> Sequence[tuple[int, Outcome]]:
        """Return the outcomes there are, waiting so many real seconds for the first; None: for ever."""
