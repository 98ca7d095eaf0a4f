"""The results of runs under test."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from asltool.expr.values import loads
from asltool.history.story import Story
from asltool.history.visits import Visit
from asltool.run import Run
from asltool.syntax.wording import quoted
from asltool.testing.names import hint

if TYPE_CHECKING:
    from asltool.engine.execution import Execution
    from asltool.testing.under_test import MachineUnderTest

__all__ = ["MachineRun", "StateRun"]


class MachineRun:
    """The result of a run under test.

    ``status``, ``output``, ``error``, ``cause``, ``history`` and ``path`` are those of `asltool.Run`.
    ``source`` is the machine's file or name. ``waited`` is the run's time in seconds by its own clock, to the
    millisecond: waits, retry delays and timeouts. ``others`` are the executions that ended during the run,
    nested ones and child executions of distributed Maps, if they were to be kept.
    """

    __test__ = False

    def __init__(
        self,
        tested: MachineUnderTest,
        run: Run,
        input: Any,
        waited: float,
        others: Sequence[Execution] = (),
    ) -> None:
        self.machine = tested.machine
        self.nested = tested.nested
        self.sources = tested.sources
        self.others = others
        self.source = tested.source
        self.run = run
        self.input = input
        self.waited = round(waited, 3)
        self.status = run.status
        self.output = run.output
        self.error = run.error
        self.cause = run.cause

    def __repr__(self) -> str:
        end = "" if self.error is None else f" {self.error}"
        return f"<MachineRun {self.status}{end} after {' > '.join(self.path)}>"

    @property
    def succeeded(self) -> bool:
        return self.status == "SUCCEEDED"

    @property
    def history(self) -> list[dict[str, Any]]:
        return self.run.history

    @property
    def path(self) -> list[str]:
        return self.run.path

    def state(self, name: str) -> StateRun:
        """Return the part of the run in a state.

        Raises:
            LookupError: the machine has no such state.
        """
        __tracebackhide__ = True
        names = [state.name for state in self.machine.model.walk_states()]
        if name not in names:
            meant = hint(name, names, names, "states")
            raise LookupError(
                f"state machine {quoted(self.machine.name)} has no state {quoted(name)}. {meant}"
            )
        return StateRun(name, [visit for visit in self.story.visits if visit.state.name == name])

    @cached_property
    def story(self) -> Story:
        """The history, grouped by visits to states."""
        return Story(self.machine.model, self.history)


class StateRun:
    """The part of a run in one state. Attributes of a single visit are those of the last visit."""

    def __init__(self, name: str, visits: Sequence[Visit]) -> None:
        self.name = name
        self._visits = visits

    def __repr__(self) -> str:
        return f"<StateRun {self.name}: {self.visits} visits, {self.attempts} attempts>"

    @property
    def visits(self) -> int:
        """How often the state was entered; 0 if never."""
        return len(self._visits)

    @property
    def attempts(self) -> int:
        """How often its work was started, retries included, over all visits."""
        return sum(len(visit.attempts) for visit in self._visits)

    @property
    def inputs(self) -> list[Any]:
        """The state's input at each visit."""
        return [_read(visit.input) for visit in self._visits]

    @property
    def input(self) -> Any:
        __tracebackhide__ = True
        return _read(self._last.input)

    @property
    def output(self) -> Any:
        __tracebackhide__ = True
        return _read(self._last.output)

    @property
    def error(self) -> str | None:
        """The error of its last failed attempt."""
        __tracebackhide__ = True
        return self._last.error

    @property
    def cause(self) -> str | None:
        __tracebackhide__ = True
        return self._last.cause

    @property
    def _last(self) -> Visit:
        __tracebackhide__ = True
        if not self._visits:
            raise LookupError(f"the run never entered state {quoted(self.name)}")
        return self._visits[-1]


def _read(text: str | None) -> Any:
    return None if text is None else loads(text)
