"""``asltool run``: parse, call, print."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import click

import asltool
from asltool.cli.maps import map_options, map_settings
from asltool.cli.progress import Progress
from asltool.cli.reach import integrations, reach_options
from asltool.cli.trace import Trace
from asltool.cli.values import input_option, pretty, read_input
from asltool.errors import AslToolError
from asltool.integrations.workers import MAX_WORKERS
from asltool.render import format_of

__all__ = ["run"]

_FILE = click.Path(dir_okay=False)


@click.command(short_help="Run a state machine here, against Python task handlers.")
@click.argument("definition", metavar="FILE", type=click.Path(exists=True, dir_okay=False))
@reach_options
@map_options
@input_option
@click.option("--history", metavar="FILE", type=_FILE, help="Write the event history here, as JSON.")
@click.option(
    "--diagram", metavar="FILE", type=_FILE, help="Draw the run here: .html, .svg, .png, .pdf, .dot or .mmd."
)
@click.option(
    "--real-time", is_flag=True, help="Wait for real, where otherwise waits and delays are skipped."
)
@click.option("--no-limits", is_flag=True, help="Lift the limits of 256 KiB a payload and 25,000 events.")
@click.option(
    "--max-workers",
    type=click.IntRange(min=1),
    default=MAX_WORKERS,
    show_default=True,
    help="How many blocking handlers run at the same time in Parallel and Map.",
)
@click.option(
    "--progress/--no-progress",
    default=None,
    help="Show each state as it is entered and left, and how far Maps are.  [default: on a terminal]",
)
def run(
    definition: str,
    input_text: str,
    history: str | None,
    diagram: str | None,
    real_time: bool,
    no_limits: bool,
    max_workers: int,
    progress: bool | None,
    **reach: Any,
) -> None:
    """Run the state machine in FILE, and print its output.

    Task handlers are found by the task's Resource. The output, JSON, goes to standard output and
    everything else to standard error.

    \b
    Examples:
      asltool run etl.asl.json --tasks tasks.py --input '{"file": "orders.csv"}'
      asltool run etl.asl.json --tasks tasks.py --input @input.json --diagram run.svg
      asltool run import.asl.json --tasks tasks.py --s3 buckets --name monday --resume

    Exit status: 0 the execution succeeded, 1 it failed (error and cause are on standard error), 2 it could
    not be run: wrong usage, a definition with errors, a task without a handler.
    """
    terminal = sys.stderr.isatty()
    bar = Progress(time.monotonic, terminal=terminal) if progress or (progress is None and terminal) else None
    try:
        maps = map_settings(reach)
        if diagram is not None:
            format_of(diagram)
        machine = asltool.load(definition)
        ran = machine.run(
            read_input(input_text),
            integrations=integrations(machine, **reach, limits=not no_limits),
            remake=partial(integrations, **reach, limits=not no_limits),
            limits=not no_limits,
            max_workers=max_workers,
            clock=asltool.RealClock() if real_time else None,
            watch=None if bar is None else Trace(bar, skips=not real_time),
            watch_maps=bar,
            **maps,
        )
        if history is not None:
            Path(history).write_text(pretty({"events": ran.history}), encoding="utf-8")
        if diagram is not None:
            asltool.render(machine, diagram, run=ran)
    except (AslToolError, OSError) as problem:
        click.echo(f"asltool run: {problem}", err=True)
        sys.exit(2)
    if ran.status == "SUCCEEDED":
        click.echo(pretty(ran.output), nl=False)
        return
    click.echo("\n".join([ran.status, *_failure(ran)]), err=True)
    sys.exit(1)


def _failure(ran: asltool.Run) -> list[str]:
    """Return a line for the error and one for the cause, as far as there are any."""
    words = (("error", ran.error), ("cause", ran.cause))
    return [f"{word}: {text}" for word, text in words if text is not None]
