"""The log: the calls to an execution, with their moments. They rebuild it byte for byte.

::

    for step in steps:                      # as they were noted, from "start" on
        effects = step.repeat(execution)

A log that outlives the process makes an execution durable. After a crash its steps are repeated, and it is
added to a new `Fleet`, which asks once more for all that was on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from asltool.engine.effects import Effect, Failed, Outcome
from asltool.engine.execution import Execution

__all__ = ["Log", "Note", "Step", "StepCall"]

StepCall = Literal["start", "deliver", "advance", "abort", "redrive"]
"""The methods of an execution that change it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call to an execution, at ``now``, in seconds since the epoch.

    Of a ``deliver``, ``outcome`` is what was reported of the task or map run ``task_id``; of an ``abort`` it
    is the error and the cause.
    """

    call: StepCall
    now: float
    task_id: int = 0
    outcome: Outcome | None = None

    def repeat(self, execution: Execution) -> list[Effect]:
        """Call an execution once more as it was called, and return what it asks for."""
        match self.call, self.outcome:
            case "start", None:
                return execution.start(self.now)
            case "advance", None:
                return execution.advance(self.now)
            case "redrive", None:
                return execution.redrive(self.now)
            case "abort", Failed(error, cause):
                return execution.abort(self.now, error, cause)
            case "deliver", outcome if outcome is not None:
                return execution.deliver(self.task_id, outcome, self.now)
        raise ValueError(f"there is no such step: {self}")


Note = Callable[[Execution, Step, Sequence[Effect], Execution], None]
"""Called after each step with the execution, the step, what the execution asks for, and the execution that
was added to the fleet: itself, or the one that it belongs to as a child or as a nested execution."""


class Log(Protocol):
    """Where the steps of executions are kept."""

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution, /) -> None:
        """Take a step; see `Note`. What is raised here ends ``root`` and all that belongs to it."""

    def commit(self) -> None:
        """Return once all that was noted is durable. What is raised here ends the driver."""
