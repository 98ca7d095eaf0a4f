"""What a run may reach: the options that say who does its tasks, and the integrations they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from asltool.integrations.handlers import Handlers
from asltool.integrations.jobs import Integration
from asltool.integrations.tasks_file import load_tasks

__all__ = ["integrations", "reach_options"]

_F = TypeVar("_F", bound=Callable[..., None])

_OPTIONS = (
    click.option(
        "--tasks",
        "tasks_file",
        metavar="TASKS.py",
        type=click.Path(exists=True, dir_okay=False),
        help="The Python file that makes the task handlers: a Tasks object, under any name.",
    ),
)


def reach_options(command: _F) -> _F:
    """Add the options that `integrations` takes to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def integrations(*, tasks_file: str | None) -> list[Integration]:
    """Return who does the tasks, in the order in which they are asked.

    Raises:
        TasksError: a file that cannot be used.
    """
    return [] if tasks_file is None else [Handlers(load_tasks(tasks_file))]
