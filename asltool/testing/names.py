"""Names in tests: states, tasks and their targets, and the files of machines."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from os import PathLike

from asltool.errors import MockError
from asltool.integrations.lambda_names import function_name
from asltool.machine import Machine
from asltool.syntax.model import Task
from asltool.syntax.wording import listed, near, quoted

__all__ = ["file_name", "hint", "states_of"]


def states_of(machines: Sequence[Machine], name: str) -> list[str]:
    """Return the states whose tasks this mock name matches.

    Raises:
        MockError: the machines have no such task; the first one is the machine under test.
    """
    __tracebackhide__ = True
    states = [state for machine in machines for state in machine.model.walk_states()]
    tasks = [state for state in states if isinstance(state, Task)]
    found = [task.name for task in tasks if _has_name(task, name)]
    if not found:
        names = [each for task in tasks for each in (task.name, *_called(task))]
        meant = hint(name, names, [task.name for task in tasks], "tasks")
        raise MockError(f"state machine {quoted(machines[0].name)} has no task {quoted(name)}. {meant}")
    return found


def _has_name(task: Task, name: str) -> bool:
    """Return whether a mock's name matches a task; globs match what the task calls."""
    return name == task.name or any(fnmatchcase(called, name) for called in _called(task))


def _called(task: Task) -> Iterator[str]:
    """Yield the names of what a task calls; for ``lambda:invoke`` also the function, if it is known."""
    yield from (task.resource, function_name(task.resource))
    for arguments in (task.parameters, task.arguments):
        function = arguments.get("FunctionName") if isinstance(arguments, dict) else None
        if isinstance(function, str):
            yield from (function, function_name(function))


def file_name(path: str | PathLike[str]) -> str:
    """Return a file's name in reports: relative to the current folder if it is below it."""
    whole = os.path.abspath(path)
    below = os.path.relpath(whole)
    return whole if below.startswith(os.pardir) else below


def hint(name: str, names: Sequence[str], shown: Sequence[str], what: str) -> str:
    """Return a suggestion, or else the existing names."""
    meant = near(name, names)
    if meant is not None:
        return f"did you mean {quoted(meant)}?"
    return f"its {what} are {listed(shown, 'and')}" if shown else f"it has no {what}"
