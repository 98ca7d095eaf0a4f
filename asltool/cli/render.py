"""``asltool render``: parse, call, print."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, simplefilter

import click

import asltool
from asltool.cli.json_options import DEFINITION, load_machine, read_file
from asltool.cli.problems import in_words
from asltool.cli.stopping import Stopped
from asltool.cli.watching import saves
from asltool.diagrams import FORMATS, format_of, write
from asltool.diagrams.highlight import Highlight
from asltool.errors import AslToolError, DefinitionError, HistoryError, RenderError
from asltool.expr.values import loads
from asltool.syntax.sources.chosen import all_of, split

__all__ = ["render"]

_NOT_IN_FILE_NAMES = re.compile(r"[^\w.-]+")


def _drawable(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Check every extension before anything is drawn."""
    for path in paths:
        try:
            format_of(path)
        except RenderError as problem:
            raise click.BadParameter(str(problem)) from problem
    return paths


@click.command(short_help="Draw state machines, and the path a run took through them.")
@click.argument("definition", metavar="FILE", type=DEFINITION)
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="OUT",
    multiple=True,
    callback=_drawable,
    type=click.Path(dir_okay=False),
    help=f"The file to write; its extension chooses the format: {', '.join(f'.{form}' for form in FORMATS)}. "
    "Can be repeated.",
)
@click.option(
    "--history",
    metavar="HISTORY.json",
    type=click.Path(exists=True, dir_okay=False),
    help="Show the run in this event history, from asltool run --history or "
    "aws stepfunctions get-execution-history.",
)
@click.option(
    "--diff",
    "old",
    metavar="OLD",
    type=DEFINITION,
    help="Compare with this older version: draw what was added, removed and changed, or list it without -o.",
)
@click.option(
    "--legend/--no-legend",
    default=None,
    help="Explain the colours in a picture, DOT or Mermaid.  [default: with a run or a comparison]",
)
@click.option("--watch", is_flag=True, help="Draw again whenever a file is saved, until Ctrl-C.")
def render(
    definition: str,
    outputs: tuple[str, ...],
    history: str | None,
    old: str | None,
    legend: bool | None,
    watch: bool,
) -> None:
    """Draw the state machine in FILE (- reads standard input), or in FILE#Name.

    Each state machine of a template is drawn in its own file: flow-Orders.svg, flow-Refunds.svg.

    An HTML page (.html) is one file that opens in any browser and steps through a run. Graphviz draws the
    pictures: the dot command if it is installed, else pygraphviz, which pip install "asltool[diagrams]"
    installs. DOT and Mermaid (.mmd) need neither.

    \b
    Examples:
      asltool render order.asl.json -o order.html
      asltool render order.asl.json -o order.svg -o order.mmd
      asltool render order.asl.json --history run.json -o run.html
      asltool render order.asl.json --watch -o order.svg
      asltool render --diff old.asl.json new.asl.json
      asltool render --diff old.asl.json new.asl.json -o diff.svg

    A definition with errors is drawn as far as it can be read, with its errors marked and listed.

    Exit status: 0 drawn, 1 the definition has errors, 2 wrong usage, a history that does not fit, or
    nothing to draw pictures with.
    """
    order = _DrawingOptions(definition, outputs, history, old, legend)
    order.check(watch)
    if not watch:
        sys.exit(order.carry_out())
    try:
        for _ in saves(order.sources):
            if order.carry_out() == 0:
                click.echo(f"drawn: {', '.join(outputs)}", err=True)
    except KeyboardInterrupt as stopped:
        if isinstance(stopped, Stopped) and stopped.number == signal.SIGTERM:
            raise
        click.echo(err=True)


@dataclass(frozen=True, slots=True)
class _DrawingOptions:
    """What to draw, and the files to write."""

    definition: str
    outputs: tuple[str, ...]
    history: str | None
    old: str | None
    legend: bool | None

    @property
    def sources(self) -> list[str]:
        files = (self.definition, self.history, self.old)
        return [split(path)[0] for path in files if path is not None]

    def check(self, watch: bool) -> None:
        """Check that the options can be combined."""
        if not self.outputs and (watch or self.old is None):
            raise click.UsageError("no output file: add -o FILE")
        if self.old is not None and self.history is not None:
            raise click.UsageError("--diff and --history cannot be combined")
        if watch and self.definition == "-":
            raise click.UsageError("--watch needs a file: standard input cannot be watched")

    def carry_out(self) -> int:
        """Draw, report problems on standard error, and return the exit status."""
        with catch_warnings(record=True) as warned:
            simplefilter("always")
            status = self._carry_out()
        for each in warned:
            click.echo(f"warning: {each.message}", err=True)
        return status

    def _carry_out(self) -> int:
        try:
            try:
                if self.old is None:
                    self._draw()
                else:
                    self._compare(self.old)
            except DefinitionError as problem:
                click.echo(problem, err=True)
                if self.old is None and self.history is None:
                    self._draw_draft(problem)
                return 1
        except (AslToolError, OSError) as problem:
            click.echo(f"asltool render: {in_words(problem)}", err=True)
            return 2
        return 0

    def _draw(self) -> None:
        if self.definition == "-":
            self._draw_one(load_machine("-"), self.outputs)
            return
        file, _ = split(self.definition)
        documents = all_of(self.definition)
        for document in documents:
            name = f"{file}#{document.address or document.name}"
            machine = load_machine(self.definition if len(documents) == 1 else name)
            several = len(documents) > 1
            outputs = [_beside(path, document.name) if several else path for path in self.outputs]
            self._draw_one(machine, outputs)

    def _draw_one(self, machine: asltool.Machine, outputs: Sequence[str]) -> None:
        highlight = None
        if self.history is not None:
            highlight = Highlight.from_history(machine.model, _events(self.history))
        for path in outputs:
            write(
                machine.model,
                path,
                highlight,
                definition=machine.definition,
                title=machine.name,
                legend=self.legend,
            )

    def _draw_draft(self, problem: DefinitionError) -> None:
        """Draw a definition with errors as far as it can be read, with its errors marked."""
        from asltool.diagrams.faults import faulty

        draft = problem.draft
        if draft is None or not draft.model.states:
            return
        highlight = faulty(draft.model, problem.diagnostics)
        for path in self.outputs:
            write(
                draft.model,
                path,
                highlight,
                definition=draft.definition,
                title=draft.name,
                legend=self.legend,
            )
            click.echo(f"drawn with its errors: {path}", err=True)

    def _compare(self, old: str) -> None:
        from asltool.diagrams.compare import Version, compare

        before, after = load_machine(old), load_machine(self.definition)
        found = compare(Version(before.model, before.definition), Version(after.model, after.definition))
        if not self.outputs:
            click.echo("\n".join(found.lines))
        for path in self.outputs:
            write(
                after.model,
                path,
                found.highlight,
                definition=after.definition,
                title=after.name,
                legend=self.legend,
            )


def _beside(path: str, name: str) -> str:
    """Return the output file for one of several machines: ``flow-Orders.svg`` for ``flow.svg``."""
    stem, ending = os.path.splitext(path)
    return f"{stem}-{_NOT_IN_FILE_NAMES.sub('_', name).strip('_')}{ending}"


def _events(path: str) -> Sequence[Mapping[str, Any]]:
    """Read a history: a list of events, or an object with the list in ``events``."""
    try:
        history = loads(read_file(path))
    except ValueError as problem:
        raise HistoryError(f"{path} is not JSON: {problem}") from problem
    events = history.get("events") if isinstance(history, dict) else history
    if not isinstance(events, list):
        raise HistoryError(f'{path} is not a history. expected a list of events, or an object with "events"')
    return events
