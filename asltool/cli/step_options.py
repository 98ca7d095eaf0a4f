"""``--step`` and ``--break``: pause before states, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import click

import asltool
from asltool.cli.completing import states_completed
from asltool.cli.map_options import MapOptions
from asltool.cli.option_values import with_value
from asltool.cli.stepping import Shown, Stepping
from asltool.driver.jobs import Integration
from asltool.integrations.missing import check_handlers, unknown_tasks
from asltool.syntax.wording import expected, quoted

__all__ = ["StepOptions", "has_terminal", "step_options"]

_F = TypeVar("_F", bound=Callable[..., None])

_OPTIONS = (
    click.option(
        "--step",
        is_flag=True,
        help="Pause before each state, on a terminal: show and change its data, skip it or let it fail.",
    ),
    click.option(
        "--break",
        "breaks",
        metavar="STATE",
        multiple=True,
        shell_complete=states_completed,
        help="Pause before this state. Can be repeated.",
    ),
)


@dataclass(frozen=True, slots=True)
class StepOptions:
    """The values of the options for pauses."""

    step: bool
    breaks: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.step or bool(self.breaks)

    def check(self, maps: MapOptions, events: str | None) -> None:
        """Check that there can be pauses.

        Raises:
            click.UsageError: there is no terminal, or another option excludes pauses.
        """
        if not self:
            return
        option = "--step" if self.step else "--break"
        if not has_terminal():
            raise click.UsageError(
                f"{option} needs a terminal. standard input or standard error is not one here"
            )
        others = {"--name": maps.name, "--processes": maps.processes, "--events jsonl": events == "jsonl"}
        for other, given in others.items():
            if given:
                raise click.UsageError(f"{option} does not work with {other}. remove one of them")

    def ready(
        self,
        machine: asltool.Machine,
        doers: list[Integration],
        shown: Shown,
        ask: Callable[[], str] | None = None,
    ) -> list[Integration]:
        """Check that every task has an integration, let the machine pause, and return the integrations.

        With ``--step``, tasks may lack a handler: they can be skipped.

        Raises:
            click.UsageError: the machine has no such state.
            NoHandler: a task has no handler.
        """
        if self:
            names = [state.name for state in machine.model.walk_states()]
            for name in self.breaks:
                if name not in names:
                    meant = expected(name, names)
                    raise click.UsageError(f"--break: there is no state {quoted(name)}. {meant}")
            missing = {task.state for task in unknown_tasks(machine.model, doers)} if self.step else ()
            breaks = None if self.step else self.breaks
            stepping = Stepping(machine.model, breaks, ask or _prompt, shown, missing)
            machine.program = replace(machine.program, pause=stepping.pause)
            doers = [stepping, *doers]
        check_handlers(machine.model, doers)
        return doers


def has_terminal() -> bool:
    """Return whether there is a terminal for questions."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _prompt() -> str:
    """Return a line from the terminal, edited with readline where Python has it."""
    with suppress(ImportError):
        import readline  # noqa: F401 - `input` uses it
    # `input` edits lines only on the process's own standard output, which goes to standard error here.
    while True:
        with redirect_stdout(sys.__stdout__), suppress(UnicodeDecodeError):
            return input("(step) ")


def step_options(command: _F) -> _F:
    """Pass `StepOptions` to a command as ``steps``."""

    def take(given: dict[str, Any]) -> dict[str, Any]:
        return {"steps": StepOptions(given.pop("step"), given.pop("breaks"))}

    return with_value(command, _OPTIONS, take)
