"""What a state answers when it is entered or resumed.

A state decides and does not act: it leaves with an output, or it asks for something and the execution sees
to it. Leaving is a plain tuple, since it is what happens most.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.engine.retry import Failure

if TYPE_CHECKING:
    from asltool.engine.frame import Frame

__all__ = ["CompiledState", "Leave", "Retry", "Schedule", "Step", "Stop", "WaitUntil"]


class CompiledState:
    """A state ready to run: every path, template and condition compiled, every target linked.

    ``next`` is the state after it, None at an end; ``entered`` and ``exited`` are its events' types.
    """

    __slots__ = ("_target", "entered", "exited", "name", "next")

    retries = False
    """Whether the state has attempts, which its context object then counts."""

    def __init__(self, kind: str, name: str, target: str | None) -> None:
        self.name = name
        self.entered = f"{kind}StateEntered"
        self.exited = f"{kind}StateExited"
        self.next: CompiledState | None = None
        self._target = target

    def link(self, states: Mapping[str, CompiledState]) -> None:
        """Look the targets up, once every state of the machine is compiled."""
        if self._target is not None:
            self.next = states[self._target]

    def enter(self, frame: Frame) -> Step:
        """Decide what to do with ``frame.input``; asked again for each retry.

        Raises:
            EvaluationError: an expression of the state has no value here.
        """
        raise NotImplementedError

    def resume(self, frame: Frame, result: Any) -> Step:
        """Decide how to go on once what `enter` asked for is there.

        Raises:
            EvaluationError: an expression of the state has no value here.
        """
        raise NotImplementedError

    def recover(self, frame: Frame, failure: Failure) -> Step:
        """Decide about an error in this state: retry, catch, or stop."""
        return Stop(failure)


Leave = tuple[Any, CompiledState | None, dict[str, Any] | None]
"""(output, the next state or None at an end, the variables assigned)"""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Have work done with this input; the frame resumes with its result."""

    input: Any
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class WaitUntil:
    """Resume at this moment, in seconds since the epoch."""

    moment: float


@dataclass(frozen=True, slots=True)
class Retry:
    """Enter the state again after so many seconds."""

    delay: float


@dataclass(frozen=True, slots=True)
class Stop:
    """End the frame with this failure."""

    failure: Failure


Step = Leave | Schedule | WaitUntil | Retry | Stop
