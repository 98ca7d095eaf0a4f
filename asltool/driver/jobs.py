"""Calls in progress: the basis of every integration.

An integration is a function that gets a `Job` and returns the task's result as JSON, or raises `TaskFailed`.
`perform` does the rest for all of them: it reports failures, that work has started, and that a callback task
or a job was accepted.
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
    "OnCluster",
    "ScriptedOutcomes",
    "Work",
    "find_work",
    "first_word",
    "parts",
    "perform",
    "perform_async",
]


class Later(Enum):
    """Returned by work that continues elsewhere and reports its end to the job."""

    LATER = "later"


LATER = Later.LATER


class Job:
    """A call in progress.

    ``cancelled`` is set once the outcome is no longer needed. ``waits_for_token``: the task can succeed only
    by an answer to its token. ``tokens`` are the task tokens of the run; ``token`` is set while an answer to
    one ends this job. Set ``in_hands`` before returning `LATER` if a worker is known to be busy with the job:
    the run then waits for it. ``scripted``, ``returned`` and ``ended`` belong to `Workers`: whether a
    `ScriptedOutcomes` does the job, whether the work has returned, and the end that was reported before that.
    """

    def __init__(
        self, call: CallTask, report: Callable[[Answer], object], tokens: Callbacks | None = None
    ) -> None:
        self.call = call
        self.tokens = Callbacks() if tokens is None else tokens
        self.cancelled = Event()
        self.token: str | None = None
        self.in_hands = False
        self.scripted = False
        self.returned = False
        self.ended: Outcome | None = None
        # For a Lambda function, the service reports nothing before its end.
        self.begun = call.submitted is not None or call.resource.events == "LambdaFunction"
        self.waits_for_token = call.token is not None and call.waits_for_token
        self.report: Callable[[Answer], object] = report
        """Report an outcome, from any thread; anything after the end is ignored."""

    def begin(self, response: Any = None) -> None:
        """Report that the work has started, if the service does so; only the first call counts.

        ``response`` is the response that accepts a job or callback task; the default is ``{}``.
        """
        if not self.begun:
            self.begun = True
            first = first_word(self.call, response)
            if first is not None:
                self.report(first)

    def heartbeat(self) -> None:
        """Report that the work continues: the task's HeartbeatSeconds restart."""
        self.report(Heartbeat())

    def listen(self, heard: Callable[[Answer], object]) -> None:
        """Call ``heard`` with everything reported from now on, before it is passed on."""
        report = self.report

        def heard_first(outcome: Answer) -> None:
            heard(outcome)
            report(outcome)

        self.report = heard_first


def first_word(call: CallTask, response: Any = None) -> Started | Submitted | None:
    """Return the service's report before the end of a task of this kind; None if there is none."""
    resource = call.resource
    if resource.events == "Activity":
        return Started()
    return Submitted({} if response is None else response) if resource.pattern else None


@dataclass(frozen=True, slots=True)
class ScriptedOutcomes:
    """Outcomes known in advance. They are reported at once and in order, so events keep their order.

    Without an end among them, the call is never answered. ``heard`` is called before each one is reported.
    """

    outcomes: Sequence[Outcome]
    heard: Callable[[Outcome], object] | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """Work that only hands a job over: it runs at once, in the caller's thread, and must not block."""

    hand_over: Callable[[Job], Later]

    def __call__(self, job: Job) -> Later:
        return self.hand_over(job)


@dataclass(frozen=True, slots=True)
class OnCluster:
    """Work that is done on the cluster of the run, or here if it has none."""

    work: Callable[[Job], Any]


Work = Callable[[Job], Any] | OnCluster | ScriptedOutcomes
"""A function that performs a job, blocking or async, or a script. See `Handover`, too.

It returns the JSON result, `LATER`, or an `Answer`. `TaskFailed` fails the task; any other exception is a
bug. For a callback task, the result is the response that accepts it.
"""

_SAID = (*get_args(Outcome), StartExecution)


def perform(job: Job, work: Callable[[Job], Any]) -> Answer | None:
    """Perform a job; return its end, or None if it continues elsewhere."""
    if job.begun and job.waits_for_token:  # only the token's answer is missing
        return None
    try:
        return _meaning(job, work(job))
    except TaskFailed as failure:
        return Failed(failure.error, failure.cause)


async def perform_async(job: Job, work: Callable[[Job], Any]) -> Answer | None:
    """The same for async work."""
    if job.begun and job.waits_for_token:
        return None
    try:
        return _meaning(job, await work(job))
    except TaskFailed as failure:
        return Failed(failure.error, failure.cause)


def _meaning(job: Job, result: Any) -> Answer | None:
    """Return the end of a job whose work returned this; first, report what the service reports."""
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
    """Performs the work of some Resources. Members besides `find` are optional:

    ``knows(call)`` returns, without side effects, whether `find` would return work; ``parts`` are the
    integrations it consists of; ``connect(tokens)`` is called with a run's task tokens before it starts.
    """

    def find(self, call: CallTask) -> Work | None:
        """Return the work for this call; None if this integration does not support it."""


def parts(integrations: Iterable[Integration]) -> Iterator[Integration]:
    """Yield the integrations and their parts."""
    for each in integrations:
        yield each
        yield from parts(getattr(each, "parts", ()))


def find_work(integrations: Iterable[Integration], call: CallTask) -> Work | None:
    """Return the work for this call from the first integration that supports it; None if there is none."""
    for each in integrations:
        work = each.find(call)
        if work is not None:
            return work
    return None
