"""Effects that an execution requests, and the outcomes that are reported back.

Effects are values: a driver carries them out and reports back with ``deliver`` and ``advance``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from asltool.engine.identity import Identity
from asltool.engine.map_items import Children, ItemScope
from asltool.engine.map_plan import MapPlan
from asltool.engine.pausing import Pause
from asltool.syntax.resource import Resource

__all__ = [
    "AskAgain",
    "CallTask",
    "CancelTask",
    "Effect",
    "Failed",
    "Heartbeat",
    "Outcome",
    "Sleep",
    "StartMapRun",
    "Started",
    "Submitted",
    "Succeeded",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTask:
    """Perform the task of a Task state and deliver its `Outcome` under ``task_id``.

    ``input`` is the task's effective input (``Parameters`` or ``Arguments`` evaluated). ``attempt`` is 0 for
    the first try and counts the retries of this visit to the state. ``timeout_seconds`` is the task's time,
    which the execution watches itself. ``token`` is the task token, where an answer to one can end the task:
    the state waits for it, or for a job (``.sync``). ``credentials`` are those of the state, evaluated.
    ``submitted`` is the response with which the work was accepted: it is then in progress, and must be polled
    rather than started again. ``asked_at`` is the time of the call by the execution's clock, in seconds since
    the epoch.
    """

    task_id: int
    state: str
    resource: Resource
    input: Any
    attempt: int = 0
    timeout_seconds: float | None = None
    execution_arn: str = ""
    token: str | None = None
    credentials: Any = None
    submitted: Any = None
    asked_at: float = 0.0

    @property
    def waits_for_token(self) -> bool:
        """Whether only an answer to the token, not its work, ends the task."""
        return self.token is not None and self.resource.endswith(".waitForTaskToken")


@dataclass(frozen=True, slots=True)
class CancelTask:
    """The execution no longer needs this task or map run; its outcome is ignored."""

    task_id: int


@dataclass(frozen=True, slots=True)
class Sleep:
    """Call ``advance`` at ``until``, in seconds since the epoch; ``state`` waits or is to be retried then."""

    until: float
    state: str
    reason: Literal["wait", "retry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMapRun:
    """Run the child executions of a distributed Map, and deliver the outcome under ``task_id``.

    ``children`` has what a child runs, and makes its input in ``scope``. ``parent``, ``seed``,
    ``limits``, ``activities`` and ``pause`` are those of the parent execution. The outcome is `Succeeded`
    with the state's result, or `Failed`.
    """

    task_id: int
    state: str
    plan: MapPlan
    children: Children
    scope: ItemScope
    parent: Identity
    seed: int
    limits: bool
    activities: list[str] | None
    pause: Pause | None = None


Effect = CallTask | CancelTask | Sleep | StartMapRun


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The task succeeded; ``output`` is JSON."""

    output: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """The task failed with an ASL error name; None values are left out of events."""

    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A ``.sync`` job or a callback task was accepted, with this response; another outcome will end it."""

    output: Any


@dataclass(frozen=True, slots=True)
class Started:
    """A worker has taken an activity's task; ``worker`` is its name, if it has one."""

    worker: str | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The task's worker is alive: HeartbeatSeconds restart."""


@dataclass(frozen=True, slots=True)
class AskAgain:
    """The work continues; poll it again in this many seconds."""

    seconds: float


Outcome = Succeeded | Failed | Submitted | Started | Heartbeat | AskAgain
