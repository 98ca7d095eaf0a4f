"""What tests call things by: states, tasks and what those call, and the files of machines."""

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


def states_of(machine: Machine, name: str) -> list[str]:
    """Return the states whose tasks a mock of this name is for.

    Raises:
        MockError: the machine has no such task.
    """
    __tracebackhide__ = True
    tasks = [state for state in machine.model.walk_states() if isinstance(state, Task)]
    found = [task.name for task in tasks if _has_name(task, name)]
    if not found:
        names = [each for task in tasks for each in (task.name, *_called(task))]
        meant = hint(name, names, [task.name for task in tasks], "tasks")
        raise MockError(f"{quoted(name)} is no task of state machine {quoted(machine.name)}. {meant}")
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


def file_name(path: str | PathLike[str]) -> str:
    """Return how reports call a file, wherever it is named: from the current folder if it is below that."""
    whole = os.path.abspath(path)
    below = os.path.relpath(whole)
    return whole if below.startswith(os.pardir) else below


def hint(name: str, names: Sequence[str], shown: Sequence[str], what: str) -> str:
    """Return what was probably meant, or else what there is."""
    meant = near(name, names)
    if meant is not None:
        return f"did you mean {quoted(meant)}?"
    return f"its {what} are {listed(shown, 'and')}" if shown else f"it has no {what}"
