"""One call being done, and who does it: what every integration is made of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from threading import Event
from typing import Any, Protocol

from asltool.driver.ports import Answer
from asltool.engine.effects import CallTask, Outcome

__all__ = ["Instant", "Integration", "Job", "Work", "find_work", "knows"]


class Job:
    """A call on its way. ``cancelled`` is set once nobody wants its outcome any more.

    ``run`` is the same for all jobs of a run. ``token`` is set while answers to a task token end the job.
    What does the job sets ``in_hands`` before it returns None if somebody is known to be at it: the run then
    waits for them. ``returned`` and ``ended`` are for `Workers`: whether what does the job has returned, and
    the end that was told before.
    """

    def __init__(self, call: CallTask, tell: Callable[[Answer], None], run: object = None) -> None:
        self.call = call
        self.run = self if run is None else run
        self.cancelled = Event()
        self.token: str | None = None
        self.in_hands = False
        self.returned = False
        self.ended: Outcome | None = None
        self._tell = tell

    def listen(self, heard: Callable[[Answer], object]) -> None:
        """Have ``heard`` called with whatever is told from now on, before it goes on its way."""
        tell = self._tell

        def told(outcome: Answer) -> None:
            heard(outcome)
            tell(outcome)

        self._tell = told

    def tell(self, outcome: Answer) -> None:
        """Tell how the work goes, from any thread; what is told after the end, or too late, is dropped."""
        self._tell(outcome)


Work = Callable[[Job], Answer | None] | Callable[[Job], Coroutine[Any, Any, Answer | None]]
"""Does a job, blocking or async, and returns how it went; None: the outcome is told later, by somebody else.

What it raises is a bug, but for `TaskFailed`, which fails the task.
"""


class Instant:
    """Work that takes no time. It is done at once and in turn, so that events always have the same order."""

    def __init__(self, work: Callable[[Job], Outcome | None]) -> None:
        self._work = work

    def __call__(self, job: Job) -> Outcome | None:
        return self._work(job)


class Integration(Protocol):
    """Knows how to do the work of some Resources."""

    def find(self, call: CallTask) -> Work | None:
        """Return what does this call; None where that is for somebody else."""


def knows(integration: Integration, call: CallTask) -> bool:
    """Return whether an integration would do this call, as far as that is known before a run.

    One says so with a method ``knows``, which takes the call and changes nothing. One without it, such as a
    script of mocks or a recording, decides during the run: it is taken to know every call.
    """
    asked = getattr(integration, "knows", None)
    return True if asked is None else bool(asked(call))


def find_work(integrations: Iterable[Integration], call: CallTask) -> Work | None:
    """Return what does this call, from the first integration that knows it; None where none does."""
    return next((work for one in integrations if (work := one.find(call)) is not None), None)
