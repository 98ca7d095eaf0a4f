"""The decisions of states, when they are entered and when a wait ends.

A state decides and does not act: it leaves with an output, or returns a step that the execution carries out.
Leaving is a plain tuple, since it is the most frequent decision.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from asltool.engine.frame_view import FrameView
from asltool.engine.map_plan import MapPlan
from asltool.engine.retry import Failure

__all__ = [
    "CompiledMachine",
    "CompiledState",
    "Decision",
    "Distribute",
    "Fork",
    "HoldingState",
    "Leave",
    "LeaveWith",
    "Retry",
    "ScheduleTask",
    "Stop",
    "WaitUntil",
]


class CompiledState:
    """A state ready to run: every path, template and condition compiled, every target linked.

    ``next`` is the next state, None at an end; ``entered`` and ``exited`` are its event types.
    """

    __slots__ = ("_target", "entered", "exited", "name", "next")

    kind = ""
    """The state's Type."""
    forks = False
    """Whether the state runs child frames: Parallel and Map."""
    retries = False
    """Whether the state can be retried; its context object then has a retry count."""
    shows_token = False
    """Whether the context object shows a task token."""
    evaluates_inside = False
    """Whether a failed expression counts as inside the state, rather than on entering it."""

    def __init__(self, name: str, target: str | None) -> None:
        self.name = name
        self.entered = f"{self.kind}StateEntered"
        self.exited = f"{self.kind}StateExited"
        self.next: CompiledState | None = None
        self._target = target

    def link(self, states: Mapping[str, CompiledState]) -> None:
        """Look up the targets, once every state of the machine is compiled."""
        if self._target is not None:
            self.next = states[self._target]

    @abstractmethod
    def enter(self, frame: FrameView) -> Decision:
        """Decide what to do with ``frame.input``; called again for each retry.

        Raises:
            EvaluationError: an expression of the state has no value.
        """

    @property
    def machines(self) -> Sequence[CompiledMachine]:
        """The compiled machines inside: a Parallel's branches, a Map's processor; none in other states."""
        return ()

    def recover(self, frame: FrameView, failure: Failure) -> Decision:
        """Decide how to handle an error in this state: retry, catch, or stop."""
        return Stop(failure)


class HoldingState(CompiledState):
    """A state that can wait: Wait, Task, Parallel and Map.

    ``leave`` decides how it continues after the wait; it raises `EvaluationError` if an expression of the
    state has no value.
    """

    __slots__ = ("leave",)

    leave: LeaveWith


@dataclass(frozen=True, slots=True)
class CompiledMachine:
    """The compiled states of a machine, of a branch or of a Map's processor, linked to one another."""

    start: CompiledState
    states: Mapping[str, CompiledState]


Leave = tuple[Any, CompiledState | None, dict[str, Any] | None]
"""(output, the next state or None at an end, the variables assigned)"""

LeaveWith = Callable[[FrameView, Any, CompiledState | None], Leave]
"""(frame, the state's result, the next state) -> the decision to leave"""


@dataclass(frozen=True, slots=True)
class ScheduleTask:
    """Perform the task with this input; the frame resumes with its result."""

    input: Any
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None
    credentials: Any = None


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Resume at this timestamp, in seconds since the epoch."""

    moment: float


@dataclass(frozen=True, slots=True)
class Fork:
    """Run ``count`` children, at most ``limit`` at a time; the frame resumes with the list of their outputs.

    ``document`` is the state's effective input, ``items`` what a Map iterates over.
    """

    count: int
    limit: int
    document: Any
    items: list[Any] | None = None


@dataclass(frozen=True, slots=True)
class Distribute:
    """Run a child execution for each item, at most ``limit`` at a time; the state's `plan` gives the details.

    ``document`` is the state's effective input. ``items`` is None where an ItemReader reads them; ``keyed``:
    they are the members of an object, each as ``{"Key", "Value"}``.
    """

    limit: int
    document: Any
    items: list[Any] | None
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """Enter the state again after this many seconds; ``attempt`` counts the retrier's own attempts."""

    delay: float
    retrier: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End the frame with this failure."""

    failure: Failure


Decision = Leave | ScheduleTask | WaitUntil | Fork | Distribute | MapPlan | Retry | Stop
