"""A state machine under test: its tasks answer by script, its clock jumps, its runs are easy to ask about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from os import PathLike
from typing import Any

from asltool.engine.clock import VirtualClock
from asltool.engine.execution import Execution
from asltool.errors import AslToolError, MockError, NoHandler
from asltool.expr.values import loads
from asltool.integrations.functions import function_name
from asltool.integrations.handlers import Handlers
from asltool.integrations.jobs import Integration
from asltool.integrations.objects import Objects
from asltool.integrations.scripted import Mocks, MockTask
from asltool.integrations.tasks import Tasks
from asltool.integrations.tasks_file import find_tasks
from asltool.machine import Machine, Run, load
from asltool.render.story import Story, Visit
from asltool.syntax.model import ABSENT, State, StateMachine, Task
from asltool.syntax.wording import listed, near, quoted

__all__ = ["NOON", "MachineRun", "MachineUnderTest", "Plainly", "StateRun", "file_name", "states_of"]

NOON = 1_767_268_800.0
"""2026-01-01T12:00:00Z: when every run under test begins, unless it is told otherwise."""


class MachineUnderTest:
    """A state machine whose tasks are mocked by name, or done by Python handlers.

    ::

        etl = MachineUnderTest("samples/etl/etl.asl.json")
        etl.task("Glue ETL Job").raises("Glue.Busy", times=2).returns({"JobRunState": "SUCCEEDED"})
        run = etl.run({"file": "orders.csv"})
        assert run.succeeded
        assert run.state("Glue ETL Job").attempts == 3

    Args:
        machine: a machine, or the file or the JSON that `asltool.load` takes.
        tasks: handlers for the tasks that are not mocked: a `Tasks`, or where some are made: a file, a
            folder, ``package.module`` or ``package.module:attribute``.
        integrations: whoever else does tasks that are neither mocked nor handled.
        told: called with each run as it ends, also with one that stops in the middle for want of a mock.

    Raises:
        DefinitionError: the definition has errors.
        TasksError: the tasks file cannot be used.
        OSError: a file cannot be read.
    """

    __test__ = False

    def __init__(
        self,
        machine: Machine | str | PathLike[str] | dict[str, Any],
        *,
        tasks: Tasks | str | PathLike[str] | None = None,
        integrations: Sequence[Integration] = (),
        told: Callable[[MachineRun], None] | None = None,
    ) -> None:
        self.machine = machine if isinstance(machine, Machine) else load(machine)
        self.source = file_name(machine) if isinstance(machine, str | PathLike) else self.machine.name
        self.mocks = Mocks()
        if isinstance(tasks, str | PathLike):
            handlers = find_tasks(str(tasks))
        else:
            handlers = [] if tasks is None else [tasks]
        self._others = [*map(Handlers, handlers), *integrations]
        self._told = told

    def __repr__(self) -> str:
        return f"<MachineUnderTest {self.machine.name}>"

    def task(self, name: str) -> MockTask:
        """Return the mock of a task: by its state's name, its Resource or its function's name.

        The last two may be globs. A mock by the name of a state goes before one by a Resource or a function.

        Raises:
            MockError: the machine has no such task.
        """
        __tracebackhide__ = True
        states_of(self.machine, name)
        return self.mocks.task(name)

    def run(
        self,
        input: Any = ABSENT,
        *,
        name: str = "test",
        seed: int = 0,
        now: float = NOON,
        limits: bool = True,
        s3: str | PathLike[str] | Objects | None = None,
    ) -> MachineRun:
        """Run the machine once. The same arguments give the same run.

        Args:
            input: JSON; ``{}`` if it is left out.
            name: the execution's.
            seed: where chance comes from: jitter, ``States.UUID``, ``States.MathRandom``.
            now: when it begins, in seconds since the epoch. The clock jumps over waits and delays.
            limits: whether the service's limits hold: 256 KiB a payload, 25,000 events.
            s3: what distributed Maps read and write, as in `asltool.Machine.run`.

        Raises:
            InputError: the input is not JSON, or larger than the service takes.
            MockError: a mock has no answer, or none that fits.
            NoHandler: a task that is neither mocked nor handled.
            NoAnswer: a task whose outcome nobody is left to give.
        """
        __tracebackhide__ = True
        clock = VirtualClock(now)
        begun: list[Execution] = []
        with Plainly():
            try:
                run = self.machine.run(
                    input,
                    integrations=[self.mocks, *self._others],
                    name=name,
                    seed=seed,
                    limits=limits,
                    clock=clock,
                    s3=s3,
                    watch=lambda execution, _: None if begun else begun.append(execution),
                )
            except AslToolError as problem:
                for execution in begun:
                    self._end(Run(execution), input, clock.now() - now)
                raise (_unscripted(problem) if isinstance(problem, NoHandler) else problem) from None
        return self._end(run, input, clock.now() - now)

    def _end(self, run: Run, input: Any, waited: float) -> MachineRun:
        tested = MachineRun(self, run, {} if input is ABSENT else input, waited)
        if self._told is not None:
            self._told(tested)
        return tested


class MachineRun:
    """How a run under test went.

    ``status``, ``output``, ``error``, ``cause``, ``history`` and ``path`` are those of `asltool.Run`.
    ``source`` is the file or the name of its machine. ``waited`` is how many seconds it took by its own
    clock, to the millisecond: waits, the delays of retries and timeouts.
    """

    __test__ = False

    def __init__(self, tested: MachineUnderTest, run: Run, input: Any, waited: float) -> None:
        self.machine = tested.machine
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
        """Return what the run did in a state.

        Raises:
            LookupError: the machine has no such state.
        """
        __tracebackhide__ = True
        names = [state.name for state in _states(self.machine.model)]
        if name not in names:
            hint = _hint(name, names, names, "states")
            raise LookupError(
                f"state machine {quoted(self.machine.name)} has no state {quoted(name)}. {hint}"
            )
        return StateRun(name, [visit for visit in self.story.visits if visit.state.name == name])

    @cached_property
    def story(self) -> Story:
        """The history, told by visits."""
        return Story(self.machine.model, self.history)


class StateRun:
    """What a run did in one state. What is asked about one visit is answered about the last."""

    def __init__(self, name: str, visits: Sequence[Visit]) -> None:
        self.name = name
        self._visits = visits

    def __repr__(self) -> str:
        return f"<StateRun {self.name}: {self.visits} visits, {self.attempts} attempts>"

    @property
    def visits(self) -> int:
        """How often the state was entered; 0 if the run never came there."""
        return len(self._visits)

    @property
    def attempts(self) -> int:
        """How often its work was begun, retries included, over all visits."""
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
        """The error of its last attempt that failed."""
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
            raise LookupError(f"the run never came to state {quoted(self.name)}")
        return self._visits[-1]


def _read(text: str | None) -> Any:
    return None if text is None else loads(text)


def _states(machine: StateMachine) -> Iterator[State]:
    return (state for inner in machine.walk() for state in inner.states.values())


def states_of(machine: Machine, name: str) -> list[str]:
    """Return the states whose tasks a mock of this name is for.

    Raises:
        MockError: the machine has no such task.
    """
    __tracebackhide__ = True
    tasks = [state for state in _states(machine.model) if isinstance(state, Task)]
    found = [task.name for task in tasks if _has_name(task, name)]
    if not found:
        names = [each for task in tasks for each in (task.name, *_called(task))]
        hint = _hint(name, names, [task.name for task in tasks], "tasks")
        raise MockError(f"{quoted(name)} is no task of state machine {quoted(machine.name)}. {hint}")
    return found


def _has_name(task: Task, name: str) -> bool:
    """Tell whether a mock of this name may answer a task; globs are for what it calls."""
    return name == task.name or any(fnmatchcase(called, name) for called in _called(task))


def _called(task: Task) -> Iterator[str]:
    """Yield the names of what a task calls: of ``lambda:invoke`` the function's too, if it stands there."""
    yield from (task.resource, function_name(task.resource))
    for arguments in (task.parameters, task.arguments):
        function = arguments.get("FunctionName") if isinstance(arguments, dict) else None
        if isinstance(function, str):
            yield from (function, function_name(function))


def _unscripted(problem: NoHandler) -> NoHandler:
    """Return the error of a task that nobody does, with what helps in a test."""
    method = "sends" if problem.resource.endswith(".waitForTaskToken") else "returns"
    suggestion = (
        f"    machine.task({quoted(problem.state)}).{method}({{}})\n\nor give it a handler in tasks=…"
    )
    return NoHandler(problem.resource, problem.state, suggestion)


def file_name(path: str | PathLike[str]) -> str:
    """Return how reports call a file, wherever it is named: from the current folder if it is below that."""
    whole = os.path.abspath(path)
    below = os.path.relpath(whole)
    return whole if below.startswith(os.pardir) else below


class Plainly:
    """Lets errors out without the frames they came through: a failed test shows the line of the test."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        __tracebackhide__ = True
        if isinstance(problem, AslToolError | OSError):
            raise problem.with_traceback(None) from None


def _hint(name: str, names: Sequence[str], shown: Sequence[str], what: str) -> str:
    """Return what was probably meant, or else what there is."""
    meant = near(name, names)
    if meant is not None:
        return f"did you mean {quoted(meant)}?"
    return f"its {what} are {listed(shown, 'and')}" if shown else f"it has no {what}"
