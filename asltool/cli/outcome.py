"""What ``asltool run`` says and writes once a run has ended, or was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click

import asltool
from asltool.cli.byproducts import check_writable, recorded, written
from asltool.cli.json_options import pretty
from asltool.cli.stopping import Stopped
from asltool.cli.streams import portable
from asltool.diagrams import ready
from asltool.driver.jobs import Integration
from asltool.driver.runner import Watch
from asltool.engine.effects import Effect
from asltool.engine.execution import Execution
from asltool.expr.encodings import ESCAPED

__all__ = ["ByProducts", "Witness", "tell", "tell_stop"]


class Witness:
    """A `Watch` that keeps the execution, so that a run that is stopped can be told of."""

    def __init__(self, watch: Watch | None) -> None:
        self.execution: Execution | None = None
        self._watch = watch

    def __call__(self, execution: Execution, effects: Sequence[Effect]) -> None:
        self.execution = execution
        if self._watch is not None:
            self._watch(execution, effects)


@dataclass(frozen=True, slots=True)
class ByProducts:
    """The files that a run is asked to write beside its output."""

    history: str | None
    diagram: str | None
    recording: str | None

    def check(self) -> None:
        """Refuse what cannot be written.

        Raises:
            OptionError: a file that cannot be written.
            RenderError: a format that cannot be drawn here.
        """
        for option, path in (
            ("--history", self.history),
            ("--diagram", self.diagram),
            ("--record", self.recording),
        ):
            check_writable(option, path)
        if self.diagram is not None:
            ready(self.diagram)

    def write(self, machine: asltool.Machine, ran: asltool.Run, doers: Sequence[Integration] = ()) -> bool:
        """Write all of them; say which could not be written, and return whether all were."""
        done = [recorded("run", doers)]
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


def tell(machine: asltool.Machine, ran: asltool.Run, output: TextIO) -> None:
    """Print the output of a run; of one that did not succeed, say why on standard error."""
    if ran.status == "SUCCEEDED":
        click.echo(portable(pretty(ran.output), output), nl=False, file=output)
        output.flush()
    else:
        click.echo("\n".join([ran.status, *_why(machine, ran)]), err=True)


def tell_stop(machine: asltool.Machine, execution: Execution, stopped: Stopped, now: float) -> asltool.Run:
    """Say in which states a run was stopped, and return it as an aborted one."""
    execution.abort(max(now, execution.now))
    ran = asltool.Run(execution)
    click.echo("\n".join([f"asltool run: {stopped}", *_why(machine, ran)]), err=True)
    return ran


def _why(machine: asltool.Machine, ran: asltool.Run) -> list[str]:
    from asltool.history.story import Story
    from asltool.testing.told import why

    return list(why(ran, Story(machine.model, ran.history), margin=7))
