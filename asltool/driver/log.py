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
from typing import Any, Literal, Protocol

from asltool.engine.dump_outcomes import dump_outcome, load_outcome
from asltool.engine.dump_types import fit, take
from asltool.engine.effects import Effect, Failed, Outcome
from asltool.engine.execution import Execution
from asltool.errors import DumpError

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

    def dump(self) -> dict[str, Any]:
        """Return the step as JSON; `load` makes it anew."""
        task = {"task_id": self.task_id} if self.task_id else {}
        outcome = {} if self.outcome is None else {"outcome": dump_outcome(self.outcome)}
        return {"call": self.call, "now": self.now, **task, **outcome}

    @classmethod
    def load(cls, dumped: Any) -> Step:
        """Return what `dump` was called on.

        Raises:
            DumpError: it is no dump of a step.
        """
        try:
            call, now = take(dumped, "call", StepCall), take(dumped, "now", float)
            task_id = fit("task_id", dumped.get("task_id", 0), int)
            outcome = load_outcome(dumped["outcome"]) if "outcome" in dumped else None
        except (AttributeError, KeyError, TypeError) as problem:
            raise DumpError(f"not a step: {dumped!r:.80}") from problem
        return cls(call, now, task_id, outcome)


Note = Callable[[Execution, Step, Sequence[Effect], Execution], None]
"""Called after each step with the execution, the step, what the execution asks for, and the execution that
was added to the fleet: itself, or the one that it belongs to as a child or as a nested execution."""


class Log(Protocol):
    """Where the steps of executions are kept."""

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution, /) -> None:
        """Take a step; see `Note`. What is raised here ends ``root`` and all that belongs to it."""

    def commit(self) -> None:
        """Return once all that was noted is durable. What is raised here ends the driver."""
