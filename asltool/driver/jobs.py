"""One call being done: what every integration is made of.

An integration is a function. It is given a `Job`, and returns the task's result, JSON, or raises
`TaskFailed`. `perform` does the rest for all of them: it reports that work has begun, that a callback task or
a job was accepted, how it failed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from threading import Event
from typing import Any, Protocol, get_args

from asltool.driver.callbacks import Callbacks
from asltool.driver.ports import Answer, StartExecution
from asltool.engine.effects import CallTask, Failed, Heartbeat, Outcome, Started, Submitted, Succeeded
from asltool.errors import TaskFailed

__all__ = [
    "LATER",
    "Handover",
    "Integration",
    "Job",
    "Later",
    "Script",
    "Work",
    "find_work",
    "first_word",
    "parts",
    "perform",
    "perform_async",
]


class Later(Enum):
    """What work returns that goes on elsewhere: the job is told how it ends."""

    LATER = "later"


LATER = Later.LATER


class Job:
    """A call on its way.

    ``cancelled`` is set once the outcome is no longer needed. ``waits_for_token``: only an answer to the task
    token ends the task well. ``tokens`` are the task tokens of the run;
    ``token`` is set while an answer to one ends this job. Set ``in_hands`` before returning `LATER` if a
    worker is known to be busy with the job: the run then waits for it. ``scripted``, ``returned`` and
    ``ended`` belong to `Workers`: whether a `Script` does the job, whether the work has returned, and the end
    that was reported before that.
    """

    def __init__(
        self, call: CallTask, tell: Callable[[Answer], object], tokens: Callbacks | None = None
    ) -> None:
        self.call = call
        self.tokens = Callbacks() if tokens is None else tokens
        self.cancelled = Event()
        self.token: str | None = None
        self.in_hands = False
        self.scripted = False
        self.returned = False
        self.ended: Outcome | None = None
        # Of a Lambda function the service says nothing before its end.
        self.begun = call.submitted is not None or call.resource.events == "LambdaFunction"
        self.waits_for_token = call.token is not None and call.waits_for_token
        self.tell: Callable[[Answer], object] = tell
        """Report how the work goes, from any thread; anything after its end is ignored."""

    def begin(self, response: Any = None) -> None:
        """Report that the work has begun, where the service does; the first call counts.

        ``response`` is what a job or a callback task is accepted with; ``{}`` if it is left out.
        """
        if not self.begun:
            self.begun = True
            first = first_word(self.call, response)
            if first is not None:
                self.tell(first)

    def heartbeat(self) -> None:
        """Report that the work goes on: the task's HeartbeatSeconds start again."""
        self.tell(Heartbeat())

    def listen(self, heard: Callable[[Answer], object]) -> None:
        """Have ``heard`` called with whatever is reported from now on, before it is passed on."""
        tell = self.tell

        def told(outcome: Answer) -> None:
            heard(outcome)
            tell(outcome)

        self.tell = told


def first_word(call: CallTask, response: Any = None) -> Started | Submitted | None:
    """Return what the service says before it says how a task of this kind ended; None: nothing."""
    resource = call.resource
    if resource.events == "Activity":
        return Started()
    return Submitted({} if response is None else response) if resource.pattern else None


@dataclass(frozen=True, slots=True)
class Script:
    """Outcomes known beforehand. They are reported at once and in turn, so that events keep their order.

    Without an end among them, the call is never answered. ``heard`` is called with each one beforehand.
    """

    outcomes: Sequence[Outcome]
    heard: Callable[[Outcome], object] | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """Work that only hands a job over: done at once, in the thread that asks, it must not block."""

    hand_over: Callable[[Job], Later]

    def __call__(self, job: Job) -> Later:
        return self.hand_over(job)


Work = Callable[[Job], Any] | Script
"""A function that does a job, blocking or async, or a script. See `Handover`, too.

It returns the result, which is JSON; or `LATER`; or an `Answer`, where that says more. `TaskFailed` fails
the task, anything else it raises is a bug. Of a callback task the result is the response it is accepted with.
"""

_SAID = (*get_args(Outcome), StartExecution)


def perform(job: Job, work: Callable[[Job], Any]) -> Answer | None:
    """Do a job; return how it ended, or None if it goes on elsewhere."""
    if job.begun and job.waits_for_token:  # only the token's answer is missing
        return None
    try:
        return _meaning(job, work(job))
    except TaskFailed as failure:
        return Failed(failure.error, failure.cause)


async def perform_async(job: Job, work: Callable[[Job], Any]) -> Answer | None:
    """Do the same with work that is async."""
    if job.begun and job.waits_for_token:
        return None
    try:
        return _meaning(job, await work(job))
    except TaskFailed as failure:
        return Failed(failure.error, failure.cause)


def _meaning(job: Job, result: Any) -> Answer | None:
    """Return the end of a job whose work returned this; what the service says before that is reported."""
    if result is LATER:
        return None
    if isinstance(result, _SAID):
        answer: Answer = result
        return answer
    if job.waits_for_token:
        job.begin(result)
        return None
    if not job.begun:
        job.begin()
    return Succeeded(result)


class Integration(Protocol):
    """Knows how to do the work of some Resources. It may have more to it than `find`, all of it optional:

    ``knows(call)`` says without changing anything whether `find` would return work; ``parts`` are the
    integrations it is made of; ``connect(tokens)`` is called with the task tokens of a run before it begins.
    """

    def find(self, call: CallTask) -> Work | None:
        """Return what does this call; None if this integration does not do it."""


def parts(integrations: Iterable[Integration]) -> Iterator[Integration]:
    """Yield the integrations, and those that they are made of."""
    for each in integrations:
        yield each
        yield from parts(getattr(each, "parts", ()))


def find_work(integrations: Iterable[Integration], call: CallTask) -> Work | None:
    """Return what does this call, from the first integration that knows it; None if there is none."""
    for each in integrations:
        work = each.find(call)
        if work is not None:
            return work
    return None
