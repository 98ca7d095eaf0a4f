"""One call being done, and who does it: what every integration is made of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from threading import Event
from typing import Any, Protocol

from asltool.engine.effects import CallTask, Outcome

__all__ = ["Integration", "Job", "Work"]


class Job:
    """A call on its way. ``cancelled`` is set once nobody wants its outcome any more."""

    def __init__(self, call: CallTask, tell: Callable[[Outcome], None]) -> None:
        self.call = call
        self.cancelled = Event()
        self._tell = tell

    def tell(self, outcome: Outcome) -> None:
        """Tell how the work goes, from any thread; what is told after the end, or too late, is dropped."""
        self._tell(outcome)


Work = Callable[[Job], Outcome | None] | Callable[[Job], Coroutine[Any, Any, Outcome | None]]
"""Does a job, blocking or async, and returns how it went; None: the outcome is told later, by somebody else.

What it raises is a bug, but for `TaskFailed`, which fails the task.
"""


class Integration(Protocol):
    """Knows how to do the work of some Resources."""

    def find(self, call: CallTask) -> Work | None:
        """Return what does this call; None where that is for somebody else."""
