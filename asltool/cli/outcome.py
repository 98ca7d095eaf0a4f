"""What ``asltool run`` prints and writes when a run has ended or was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

import asltool
from asltool.cli.byproducts import check_writable, recorded, written
from asltool.cli.event_lines import EventLines
from asltool.cli.json_options import pretty
from asltool.cli.stopping import Stopped
from asltool.cli.streams import portable
from asltool.diagrams import ready
from asltool.driver.jobs import Integration
from asltool.driver.runner import Watch
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.expr.encodings import ESCAPED

__all__ = ["ByProducts", "Witness", "report", "report_stop"]


class Witness:
    """A `Watch` that holds the execution, so a stopped run can be reported, and calls others.

    ``changed`` is what was changed by hand.
    """

    def __init__(self, *watches: Watch) -> None:
        self.execution: Execution | None = None
        self.changed: list[str] = []
        self._watches = watches

    def __call__(self, execution: Execution, effects: Sequence[Effect]) -> None:
        self.execution = execution
        for watch in self._watches:
            watch(execution, effects)

    def catch_up(self, execution: Execution | None) -> None:
        """Show what has happened before a pause of this execution; None: of a child of the watched one."""
        self.execution = execution or self.execution
        if self.execution is not None:
            self(self.execution, ())

    def report_changes(self) -> None:
        """Print what was changed by hand."""
        if self.changed:
            click.echo(f"changed by hand: {'; '.join(self.changed)}", err=True)


@dataclass(frozen=True, slots=True)
class ByProducts:
    """The files that a run writes in addition to its output."""

    history: str | None
    diagram: str | None
    recording: str | None
    events: EventLines | None = None

    def check(self) -> None:
        """Check that every file can be written.

        Raises:
            OptionError, OSError: a file cannot be written.
            RenderError: a diagram's format is not supported here.
        """
        for option, path in (
            ("--history", self.history),
            ("--diagram", self.diagram),
            ("--record", self.recording),
        ):
            check_writable(option, path)
        if self.events is not None:
            self.events.open()
        if self.diagram is not None:
            ready(self.diagram)

    def write(self, machine: asltool.Machine, ran: asltool.Run, doers: Sequence[Integration] = ()) -> bool:
        """Write all files, report those that fail, and return whether all were written."""
        done = [recorded("run", doers)]
        if self.events is not None:
            done.append(written("run", "--events", self.events.path, self.events.close))
        if self.history is not None:
            history = Path(self.history)
            text = pretty({"events": ran.history})
            done.append(
                written(
                    "run", "--history", history, lambda: history.write_text(text, "utf-8", errors=ESCAPED)
                )
            )
        if self.diagram is not None:
            diagram = self.diagram
            done.append(
                written("run", "--diagram", diagram, lambda: asltool.render(machine, diagram, run=ran))
            )
        return all(done)


def report(machine: asltool.Machine, ran: asltool.Run, output: TextIO) -> None:
    """Print a run's output, or the reason for its failure on standard error."""
    if ran.status == "SUCCEEDED":
        click.echo(portable(pretty(ran.output), output), nl=False, file=output)
        output.flush()
    else:
        click.echo("\n".join([ran.status, *_why(machine, ran)]), err=True)


def report_stop(machine: asltool.Machine, execution: Execution, stopped: Stopped, now: float) -> asltool.Run:
    """Report the states in which a run was stopped, and return it as aborted."""
    execution.abort(max(now, execution.now))
    ran = asltool.Run(execution)
    click.echo("\n".join([f"asltool run: {stopped}", *_why(machine, ran)]), err=True)
    return ran


def _why(machine: asltool.Machine, ran: asltool.Run) -> list[str]:
    from asltool.history.story import Story
    from asltool.testing.run_report import why

    return list(why(ran, Story(machine.model, ran.history), margin=7))
