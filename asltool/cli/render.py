"""``asltool render``: parse, call, print."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

import asltool
from asltool.errors import AslToolError, DefinitionError, RenderError
from asltool.expr.values import loads
from asltool.render import FORMATS, format_of, write
from asltool.render.highlight import Highlight

__all__ = ["render"]


def _drawable(ctx: click.Context, param: click.Parameter, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse an ending of no format before anything is drawn."""
    for path in paths:
        try:
            format_of(path)
        except RenderError as problem:
            raise click.BadParameter(str(problem)) from problem
    return paths


@click.command(short_help="Draw state machines, and the path a run took through them.")
@click.argument("definition", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    "outputs",
    metavar="OUT",
    multiple=True,
    required=True,
    callback=_drawable,
    type=click.Path(dir_okay=False),
    help=f"Draw into this file; its ending is the format: {', '.join(f'.{form}' for form in FORMATS)}. "
    "May be given more than once.",
)
@click.option(
    "--history",
    metavar="HISTORY.json",
    type=click.Path(exists=True, dir_okay=False),
    help="Show the run that this event history tells of: what asltool run --history wrote, or "
    "aws stepfunctions get-execution-history.",
)
def render(definition: str, outputs: tuple[str, ...], history: str | None) -> None:
    """Draw the state machine in FILE (- reads standard input).

    Pictures are drawn by Graphviz: the dot command if it is there, else pygraphviz, which
    pip install "asltool[diagrams]" brings. DOT and Mermaid (.mmd) need neither.

    \b
    Examples:
      asltool render order.asl.json -o order.svg
      asltool render order.asl.json -o order.png -o order.mmd
      asltool render order.asl.json --history run.json -o run.svg

    Exit status: 0 drawn, 1 the definition has errors, 2 wrong usage, a history that does not fit, or
    nothing to draw pictures with.
    """
    try:
        model = _load(definition).model
        highlight = None if history is None else Highlight.from_history(model, _events(history))
        for path in outputs:
            write(model, path, highlight)
    except DefinitionError as problem:
        click.echo(problem, err=True)
        sys.exit(1)
    except (AslToolError, OSError) as problem:
        click.echo(f"asltool render: {problem}", err=True)
        sys.exit(2)


def _load(definition: str) -> asltool.Machine:
    return asltool.loads(sys.stdin.read(), "<stdin>") if definition == "-" else asltool.load(definition)


def _events(path: str) -> Sequence[Mapping[str, Any]]:
    """Read a history: a list of events, or an object that has one under ``events``."""
    try:
        history = loads(Path(path).read_text(encoding="utf-8"))
    except ValueError as problem:
        raise RenderError(f"{path} is not JSON: {problem}") from problem
    events = history.get("events") if isinstance(history, dict) else history
    if not isinstance(events, list):
        raise RenderError(f'{path} holds no history. expected a list of events, or an object with "events"')
    return events
