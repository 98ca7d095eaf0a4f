"""The log: the calls to an execution, with their timestamps. They rebuild it byte for byte.

::

    for step in steps:                      # as they were logged, from "start" on
        effects = step.repeat(execution)

A log that outlives the process makes an execution durable. After a crash its steps are repeated, and it is
added to a new `Fleet`, which requests all outstanding work again.
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
"""The methods that change an execution."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call to an execution, at ``now``, in seconds since the epoch.

    For ``deliver``, ``outcome`` is the outcome of the task or map run ``task_id``; for ``abort``, it is the
    error and the cause.
    """

    call: StepCall
    now: float
    task_id: int = 0
    outcome: Outcome | None = None

    def repeat(self, execution: Execution) -> list[Effect]:
        """Repeat the call on an execution, and return its effects."""
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
        raise ValueError(f"unknown step: {self}")

    def dump(self) -> dict[str, Any]:
        """Return the step as JSON; `load` restores it."""
        task = {"task_id": self.task_id} if self.task_id else {}
        outcome = {} if self.outcome is None else {"outcome": dump_outcome(self.outcome)}
        return {"call": self.call, "now": self.now, **task, **outcome}

    @classmethod
    def load(cls, dumped: Any) -> Step:
        """Restore a step from `dump`.

        Raises:
            DumpError: it is not a dumped step.
        """
        try:
            call, now = take(dumped, "call", StepCall), take(dumped, "now", float)
            task_id = fit("task_id", dumped.get("task_id", 0), int)
            outcome = load_outcome(dumped["outcome"]) if "outcome" in dumped else None
        except (AttributeError, KeyError, TypeError) as problem:
            raise DumpError(f"not a step: {dumped!r:.80}") from problem
        return cls(call, now, task_id, outcome)


Note = Callable[[Execution, Step, Sequence[Effect], Execution], None]
"""Called after each step with the execution, the step, its effects, and the execution that was added to the
fleet: itself, or its root if it is a child or a nested execution."""


class Log(Protocol):
    """Stores the steps of executions."""

    def note(self, execution: Execution, step: Step, effects: Sequence[Effect], root: Execution, /) -> None:
        """Add a step; see `Note`. An exception ends ``root`` and all that belongs to it."""

    def commit(self) -> None:
        """Return when all added steps are durable. An exception ends the driver."""
