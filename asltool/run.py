"""The result of an execution, returned by `Machine.run`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from asltool.engine.execution import Execution
from asltool.engine.identity import ExecutionStatus
from asltool.engine.map_failures import child_failures
from asltool.errors import ExecutionFailed, ExecutionTimedOut
from asltool.history.event_types import type_of
from asltool.syntax.model import StateMachine

if TYPE_CHECKING:
    from asltool.diagrams.highlight import Highlight
    from asltool.engine.map_run import MapRun

__all__ = ["Drawing", "Run", "highlight"]


class Drawing(NamedTuple):
    """What a notebook needs to draw a run: the machine's model, definition and name."""

    model: StateMachine
    definition: Any
    title: str


class Run:
    """The result of an execution.

    ``status`` is the service's: ``SUCCEEDED``, ``FAILED``, ``TIMED_OUT`` or ``ABORTED``. ``output`` is JSON;
    ``error`` and ``cause`` are strings or None. ``seed`` repeats the run exactly, given the same input, name,
    clock and task outcomes. ``map_runs`` are the map runs of its distributed Maps in the order of their
    start; see `asltool.engine.map_run.MapRun`.
    """

    def __init__(
        self, execution: Execution, map_runs: Sequence[MapRun] = (), drawing: Drawing | None = None
    ) -> None:
        self._execution = execution
        self._drawing = drawing
        self.map_runs = tuple(map_runs)
        self.status: ExecutionStatus = execution.status
        self.output: Any = execution.output
        self.error = execution.error
        self.cause = execution.cause
        self.seed = execution.seed

    def __repr__(self) -> str:
        end = f"output={self.output!r}" if self.status == "SUCCEEDED" else f"error={self.error!r}"
        return f"<Run {self.status} {end}>"

    def _repr_svg_(self) -> str | None:
        """Show the run in a notebook as a picture, if Graphviz is installed and the machine is known."""
        from asltool.diagrams import notebook

        drawing = self._drawing
        return None if drawing is None else notebook.svg(drawing.model, highlight(self, drawing.model))

    def _repr_html_(self) -> str | None:
        """Show the run in a notebook as a page to step through, if the machine is known."""
        from asltool.diagrams import notebook

        if self._drawing is None:
            return None
        model, definition, title = self._drawing
        return notebook.frame(model, highlight(self, model), definition=definition, title=title)

    @cached_property
    def history(self) -> list[dict[str, Any]]:
        """The events, as GetExecutionHistory returns them; timestamps are ISO 8601 strings."""
        return self._execution.history

    @cached_property
    def path(self) -> list[str]:
        """The names of the states in the order in which they were entered."""
        return [
            payload[0] for kind, _, _, payload in self._execution.records if type_of(kind).phase == "entered"
        ]

    @cached_property
    def child_failures(self) -> list[str]:
        """Lines that describe the first failed child executions of each map run."""
        return [line for run in self.map_runs if run.status == "FAILED" for line in child_failures(run)]

    def result(self) -> Any:
        """Return the output.

        Raises:
            ExecutionFailed: the run did not succeed; `ExecutionTimedOut` if its time ran out.
        """
        if self.status == "SUCCEEDED":
            return self.output
        kind = ExecutionTimedOut if self.status == "TIMED_OUT" else ExecutionFailed
        problem = kind(self.error, self.cause)
        if self.child_failures:
            problem.add_note("\n".join(self.child_failures))
        raise problem


def highlight(run: Run, model: StateMachine) -> Highlight:
    """Return the overlay that shows this run on the machine's drawing."""
    from asltool.diagrams.highlight import Highlight

    children = {each.state: child_failures(each) for each in run.map_runs}
    return replace(Highlight.from_history(model, run.history), children=children)
