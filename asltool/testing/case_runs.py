"""Run cases and compare the results with what they expect."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from asltool.driver.jobs import Integration
from asltool.errors import AslToolError, MockError, NoHandler
from asltool.expr.values import dumps
from asltool.integrations.handlers import Handlers
from asltool.integrations.replay import Replay, read_recording
from asltool.integrations.scripted import MockTask
from asltool.integrations.tasks import Tasks
from asltool.integrations.tasks_file import load_tasks
from asltool.machine import Machine, load
from asltool.syntax.wording import listed, quoted
from asltool.testing.case_files import Case
from asltool.testing.names import file_name, states_of
from asltool.testing.run_report import compare, compare_paths, run_report, times
from asltool.testing.runs import MachineRun
from asltool.testing.under_test import MachineUnderTest

__all__ = ["CaseResult", "call_count", "part_of", "parts_of", "run_case"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The result of a case. ``problems`` has a line for each difference from what was expected; it is empty
    if the case passed.

    ``run`` is None if the machine could not be run to its end; then the problem says why, and ``stopped`` is
    the incomplete run, if it began. ``mocks`` are the case's mocks by name. ``seconds`` is real time.
    """

    case: Case
    problems: tuple[str, ...]
    run: MachineRun | None
    mocks: Mapping[str, MockTask]
    seconds: float
    stopped: MachineRun | None = None

    @property
    def report(self) -> str:
        """The problems and the course of the run, on several lines."""
        run = self.run or self.stopped
        return "\n".join([*self.problems, *([] if run is None else [run_report(run)])])


def run_case(case: Case, *, keep_children: bool = False) -> CaseResult:
    """Run a case. Files with definitions and handlers are read once per process.

    ``keep_children``: as for `MachineUnderTest`.
    """
    begun = time.perf_counter()
    run, mocks, seen = None, dict[str, MockTask](), list[MachineRun]()
    try:
        tested = _tested(case, seen.append, keep_children)
        mocks = {name: tested.mocks.task(name) for name in case.tasks}
        with _copy_of(case.s3) as s3:
            run = tested.run(case.input, name=case.execution, now=case.now, s3=s3)
        problems = tuple(_problems(case, mocks, run))
    except NoHandler as problem:
        problems = (_unscripted(problem),)
    except OSError as problem:
        problems = (f"{problem.filename}: {problem.strerror}",)
    except AslToolError as problem:
        problems = (str(problem),)
    stopped = seen[-1] if seen and run is None else None
    return CaseResult(case, problems, run, mocks, time.perf_counter() - begun, stopped)


@contextmanager
def _copy_of(folder: Path | None) -> Iterator[Path | None]:
    """Give a copy of a folder to a case, so that cases see nothing of each other."""
    if folder is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as copy:
        yield Path(shutil.copytree(folder, Path(copy, "s3")))


_machine = cache(load)
"""Machines by their paths."""


@cache
def _tasks(path: Path) -> Tasks:
    return load_tasks(str(path))


_calls_in = cache(read_recording)
"""The calls of recordings by their paths."""


def _tested(case: Case, report: Callable[[MachineRun], None], keep_children: bool) -> MachineUnderTest:
    definition = case.definition
    machine: Machine = _machine(definition) if isinstance(definition, Path) else load(definition)
    tested = MachineUnderTest(
        machine,
        machines={name: _machine(path) for name, path in case.machines.items()},
        integrations=list(_integrations(case)),
        keep_children=keep_children,
        report=report,
    )
    tested.sources = {_machine(path).name: file_name(path) for path in case.machines.values()}
    tested.source = file_name(definition if isinstance(definition, Path) else case.path)
    for name, steps in case.tasks.items():
        mock = tested.task(name)
        for step in steps:
            step.add_to(mock)
    return tested


def _integrations(case: Case) -> Iterator[Integration]:
    """Yield what answers a case's tasks that have no script: its recording first, then its handlers."""
    if case.recording:
        names = listed([path.name for path in case.recording], "and")
        yield Replay([call for path in case.recording for call in _calls_in(path)], names, generated=True)
    if case.handlers is not None:
        yield Handlers(_tasks(case.handlers))


def _unscripted(problem: NoHandler) -> str:
    """Return what a case needs for a task that has no mock or handler."""
    step = "sends" if problem.resource.endswith(".waitForTaskToken") else "returns"
    line = f"tasks: {{{dumps(problem.state)}: {{{step}: {{}}}}}}"
    task = f"task {quoted(problem.state)} ({problem.resource})"
    return f"{task} has no mock or handler. add to the case\n\n    {line}"


def _problems(case: Case, mocks: Mapping[str, MockTask], run: MachineRun) -> Iterator[str]:
    expect = case.expect
    status = expect.get("status", "FAILED" if "error" in expect or "cause" in expect else "SUCCEEDED")
    if run.status != status:
        yield f"status is {run.status}, expected {status}"
    if run.succeeded and "output" in expect:
        yield from (f"output: {line}" for line in compare(expect["output"], run.output))
    if run.succeeded and "output_contains" in expect:
        part = expect["output_contains"]
        yield from (f"output: {line}" for line in compare(part, part_of(run.output, part)))
    for name, found in (("error", run.error), ("cause", run.cause)):
        if name in expect and found != expect[name]:
            yield f"{name} is {quoted(found)}, expected {quoted(expect[name])}"
    if "path" in expect and run.path != expect["path"]:
        yield from (f"path: {line}" for line in compare_paths(expect["path"], run.path))
    if "waited" in expect and abs(run.waited - expect["waited"]) >= 0.001:
        yield f"waited {run.waited:g} s, expected {expect['waited']:g} s"
    for name, calls in expect.get("calls", {}).items():
        try:
            yield from _call_problems(name, calls, mocks.get(name), call_count(name, mocks, run))
        except MockError as problem:
            yield f"calls: {problem}"
    for name, parts in expect.get("calls_contain", {}).items():
        try:
            call_count(name, mocks, run)
            yield from _call_problems(name, parts, mocks.get(name), 0, partly=True)
        except MockError as problem:
            yield f"calls_contain: {problem}"


def _call_problems(
    name: str, calls: Any, mock: MockTask | None, count: int, *, partly: bool = False
) -> Iterator[str]:
    """Compare how often a task was called, or the inputs of its calls, which only a mock records."""
    if not isinstance(calls, list):
        if count != calls:
            yield f"{quoted(name)} was called {times(count)}, expected {times(calls)}"
    elif mock is None:
        yield f'inputs of {quoted(name)} are known only if "tasks" has a script by that name'
    else:
        inputs = parts_of(mock.inputs, calls) if partly else mock.inputs
        yield from (f"inputs of {quoted(name)}: {line}" for line in compare(calls, inputs))


def call_count(name: str, mocks: Mapping[str, MockTask], run: MachineRun) -> int:
    """Return how often a task was called, counted by the mock of this name or else from the run.

    Raises:
        MockError: the machine has no such task.
    """
    if name in mocks:
        return mocks[name].call_count
    return sum(run.state(state).attempts for state in states_of([run.machine], name))


def parts_of(values: Sequence[Any], parts: Sequence[Any]) -> list[Any]:
    """Return the part of each value that is expected of it; values beyond those as they are."""
    return [*map(part_of, values, parts), *values[len(parts) :]]


def part_of(value: Any, part: Any) -> Any:
    """Return the part of a value that has the fields of an expected part."""
    if isinstance(value, dict) and isinstance(part, dict):
        return {name: part_of(value[name], part[name]) for name in value.keys() & part.keys()}
    if isinstance(value, list) and isinstance(part, list) and len(value) == len(part):
        return [part_of(*pair) for pair in zip(value, part, strict=True)]
    return value
