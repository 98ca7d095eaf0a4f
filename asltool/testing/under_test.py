"""A state machine under test, with scripted tasks, a clock that jumps, and runs that are easy to inspect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from asltool.driver.clock import VirtualClock
from asltool.driver.jobs import Integration
from asltool.engine.execution import Execution
from asltool.errors import AslToolError, NoHandler
from asltool.integrations.executions import Executions
from asltool.integrations.handlers import Handlers
from asltool.integrations.objects import Objects
from asltool.integrations.scripted import Mocks, MockTask
from asltool.integrations.tasks import Handler, Tasks
from asltool.integrations.tasks_file import find_tasks
from asltool.machine import Machine, load
from asltool.run import Run
from asltool.syntax.model import ABSENT
from asltool.syntax.wording import quoted
from asltool.testing.names import file_name, states_of
from asltool.testing.runs import MachineRun

__all__ = ["NOON", "MachineUnderTest", "Plainly"]

NOON = 1_767_268_800.0
"""2026-01-01T12:00:00Z: the default start time of every run under test."""


class MachineUnderTest:
    """A state machine whose tasks are mocked by name or run by Python handlers.

    ::

        etl = MachineUnderTest("samples/etl/etl.asl.json")
        etl.task("Glue ETL Job").raises("Glue.Busy", times=2).returns({"JobRunState": "SUCCEEDED"})
        run = etl.run({"file": "orders.csv"})
        assert run.succeeded
        assert run.state("Glue ETL Job").attempts == 3

    Args:
        machine: a machine, or the file or the JSON that `asltool.load` takes.
        machines: the state machines that ``states:startExecution`` starts, by their names or ARNs; their
        tasks can be mocked, too.
        tasks: handlers for tasks that are not mocked: a `Tasks`, functions by name, or where to find a
        `Tasks`: a file, a folder, ``package.module`` or ``package.module:attribute``.
        integrations: integrations for tasks that are neither mocked nor handled.
        keep_children: whether a run keeps the executions that end in it beside its own, for coverage.
        report: called with each run when it ends, even if it stops early because a mock is missing.

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
        machines: Mapping[str, Machine | str | PathLike[str]] | None = None,
        tasks: Tasks | Mapping[str, Handler] | str | PathLike[str] | None = None,
        integrations: Sequence[Integration] = (),
        keep_children: bool = False,
        report: Callable[[MachineRun], None] | None = None,
    ) -> None:
        self.machine = machine if isinstance(machine, Machine) else load(machine)
        self.source = file_name(machine) if isinstance(machine, str | PathLike) else self.machine.name
        self.nested = {
            name: each if isinstance(each, Machine) else load(each) for name, each in (machines or {}).items()
        }
        self.sources = {
            machine.name: machine.name if isinstance(each, Machine) else file_name(each)
            for (machine, each) in zip(self.nested.values(), (machines or {}).values(), strict=True)
        }
        self.mocks = Mocks()
        if isinstance(tasks, str | PathLike):
            handlers = [Handlers(each) for each in find_tasks(str(tasks))]
        else:
            handlers = [] if tasks is None else [Handlers(tasks)]
        nested: list[Integration] = [Executions(self.nested)] if self.nested else []
        self._others: list[Integration] = [*handlers, *nested, *integrations]
        self._keep_children = keep_children
        self._report = report

    def __repr__(self) -> str:
        return f"<MachineUnderTest {self.machine.name}>"

    def task(self, name: str) -> MockTask:
        """Return the mock of a task: by its state's name, its Resource or its function's name.

        The last two may be globs. A mock by the name of a state goes before one by a Resource or a function.

        Raises:
            MockError: the machine has no such task.
        """
        __tracebackhide__ = True
        states_of([self.machine, *self.nested.values()], name)
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
            input: JSON; the default is ``{}``. name: the execution's name. seed: the seed of random values:
            jitter, ``States.UUID``, ``States.MathRandom``. now: the start time, in seconds since the epoch.
            The clock jumps over waits and delays. limits: whether the service's limits apply: 256 KiB per
            payload, 25,000 events. s3: the storage of distributed Maps, as in `asltool.Machine.run`.

        Raises:
            InputError: the input is not JSON, or exceeds the service's limit.
            MockError: a mock has no answer for a call, or one that does not fit it.
            NoHandler: a task is neither mocked nor handled.
            NoAnswer: a task waits for a task token that can no longer be sent.
        """
        __tracebackhide__ = True
        clock = VirtualClock(now)
        begun: list[Execution] = []
        ended: list[Execution] = []
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
                    ended=ended.append if self._keep_children else None,
                )
            except AslToolError as problem:
                for execution in begun:
                    self._end(Run(execution), input, clock.now() - now, _others(ended, execution))
                raise (_unscripted(problem) if isinstance(problem, NoHandler) else problem) from None
        return self._end(run, input, clock.now() - now, _others(ended, begun[0]))

    def _end(self, run: Run, input: Any, waited: float, others: Sequence[Execution]) -> MachineRun:
        tested = MachineRun(self, run, {} if input is ABSENT else input, waited, others)
        if self._report is not None:
            self._report(tested)
        return tested


def _others(ended: Sequence[Execution], execution: Execution) -> list[Execution]:
    return [each for each in ended if each is not execution]


class Plainly:
    """Removes asltool's own frames from tracebacks, so a failed test shows the test's line."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> None:
        __tracebackhide__ = True
        if isinstance(problem, AslToolError | OSError):
            raise problem.with_traceback(None) from None


def _unscripted(problem: NoHandler) -> NoHandler:
    """Return the error of a task without a mock or handler, with a hint for tests."""
    method = "sends" if problem.resource.endswith(".waitForTaskToken") else "returns"
    suggestion = (
        f"    machine.task({quoted(problem.state)}).{method}({{}})\n\nor give it a handler in tasks=…"
    )
    return NoHandler(problem.resource, problem.state, suggestion)
