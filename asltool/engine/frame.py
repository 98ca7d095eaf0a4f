"""A frame: one line of states being run, and what it remembers.

A frame is also the `Environment` of the expressions that its states evaluate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asltool.engine.context import state_context

if TYPE_CHECKING:
    from asltool.engine.execution import Execution
    from asltool.engine.steps import CompiledState, Schedule

__all__ = ["Frame"]


class Frame:
    """Holds plain values and the current state, so that it can be dumped and loaded.

    ``input`` is the state's raw input and ``previous`` the id of the event that the next one follows.
    ``retries`` counts by retrier for this visit to the state, ``attempt`` all of them. ``task_id`` and
    ``work`` are set while the frame waits for a task's outcome.
    """

    __slots__ = (
        "attempt",
        "entered_at",
        "entered_id",
        "execution",
        "input",
        "number",
        "previous",
        "retries",
        "state",
        "task_id",
        "variables",
        "work",
    )

    def __init__(self, execution: Execution, number: int, state: CompiledState, value: Any) -> None:
        self.execution = execution
        self.number = number
        self.state = state
        self.input = value
        self.previous = 0
        self.entered_id = 0
        self.entered_at = 0.0
        self.variables: dict[str, Any] = {}
        self.retries: dict[int, int] = {}
        self.attempt = 0
        self.task_id: int | None = None
        self.work: Schedule | None = None

    def move(self, state: CompiledState, value: Any) -> None:
        """Go on to the next state, whose attempts begin anew."""
        self.state = state
        self.input = value
        if self.attempt:
            self.attempt = 0
            self.retries = {}

    def record(self, kind: str, *payload: Any) -> None:
        """Add an event to the history, after the frame's last one."""
        execution = self.execution
        execution.records.append((kind, self.previous, execution.now, payload))
        self.previous = len(execution.records)

    @property
    def context(self) -> dict[str, Any]:
        """The context object at this moment."""
        count = self.attempt if self.state.retries else None
        return {**self.execution.context, "State": state_context(self.state.name, self.entered_at, count)}

    @property
    def now(self) -> float:
        return self.execution.now

    def uniform(self) -> float:
        return self.execution.uniform()
