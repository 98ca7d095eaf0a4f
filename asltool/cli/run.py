"""``asltool run``: parse, call, print."""

from __future__ import annotations

import os
import sys
import time
from contextlib import nullcontext

import click

import asltool
from asltool.cli.data_shown import DataShown
from asltool.cli.event_lines import EventLines, event_target
from asltool.cli.json_options import (
    DEFINITION,
    check_one_standard_input,
    input_option,
    load_machine,
    read_input,
)
from asltool.cli.map_options import MapOptions, map_options
from asltool.cli.outcome import ByProducts, Witness, report, report_stop
from asltool.cli.problems import refuse
from asltool.cli.progress import ProgressBar
from asltool.cli.step_options import StepOptions, step_options
from asltool.cli.stepping import Shown
from asltool.cli.stopping import Stopped, end_processes
from asltool.cli.streams import results
from asltool.cli.task_options import TaskOptions, task_options
from asltool.cli.trace import Trace
from asltool.cli.watch_option import watch_option
from asltool.driver.workers import MAX_WORKERS
from asltool.engine.stage_watch import stages_watched
from asltool.errors import AslToolError

__all__ = ["run"]

_FILE = click.Path(dir_okay=False)


@click.command(short_help="Run a state machine here, against Python task handlers.")
@click.argument("definition", metavar="FILE", type=DEFINITION)
@watch_option
@task_options
@map_options
@input_option
@click.option("--history", metavar="FILE", type=_FILE, help="Write the event history to this file, as JSON.")
@click.option(
    "--diagram",
    metavar="FILE",
    type=_FILE,
    help="Draw the run in this file: .html, .svg, .png, .pdf, .dot or .mmd.",
)
@click.option(
    "--real-time", is_flag=True, help="Wait in real time. Without it, waits and retry delays are skipped."
)
@click.option(
    "--no-limits", is_flag=True, help="Lift the limits of 256 KiB per payload and 25,000 events per history."
)
@click.option(
    "--max-workers",
    type=click.IntRange(min=1),
    default=MAX_WORKERS,
    show_default=True,
    help="How many blocking handlers may run at the same time in Parallel and Map.",
)
@click.option(
    "-v", "--verbose", is_flag=True, help="Show the data of each state, and what each stage changes."
)
@step_options
@click.option(
    "--events",
    metavar="jsonl|FILE.jsonl",
    callback=event_target,
    help="Write each event as it happens, as a line of JSON: to standard error, or to a file.",
)
@click.option(
    "--progress/--no-progress",
    default=None,
    help="Show each state as it is entered and exited, and the progress of Maps.  [default: on a terminal]",
)
def run(
    definition: str,
    input_text: str,
    history: str | None,
    diagram: str | None,
    real_time: bool,
    no_limits: bool,
    max_workers: int,
    verbose: bool,
    events: str | None,
    progress: bool | None,
    tasks: TaskOptions,
    maps: MapOptions,
    steps: StepOptions,
) -> None:
    """Run the state machine in FILE (- reads standard input) and print its output.

    Task handlers are found by the task's Resource. Standard output gets the output, as JSON, and standard
    error everything else, including what handlers print. Other files are written after the output.

    \b
    Examples:
      asltool run etl.asl.json --tasks tasks.py --input '{"file": "orders.csv"}'
      asltool run etl.asl.json --tasks tasks.py --input @input.json --diagram run.svg
      asltool run template.yaml#Orders --input @order.json
      asltool run import.asl.json --tasks tasks.py --s3 buckets --name monday --resume
      asltool run order.asl.json --tasks tasks.py --break Charge

    Exit status: 0 the execution succeeded, 1 it failed (error and cause are on standard error), 2 it could
    not be run: wrong usage, a definition with errors, a task without a handler; 3 it succeeded, but its
    output or another file could not be written.
    """
    if verbose and events == "jsonl":
        raise click.UsageError("--events jsonl and -v both write to standard error: pass --events FILE.jsonl")
    terminal = sys.stderr.isatty()
    shows = verbose or (events != "jsonl" and terminal if progress is None else progress)
    bar = ProgressBar(time.monotonic, terminal=terminal) if shows else None
    width = _width(terminal)
    data = DataShown(width) if verbose else None
    lines = None if events is None else EventLines(None if events == "jsonl" else events)
    traces = [] if bar is None else [Trace(bar, data, skips=not real_time)]
    witness = Witness(*traces, *([] if lines is None else [lines]))
    files = ByProducts(history, diagram, tasks.record, lines)
    check_one_standard_input(definition, input_text)
    with results() as output:
        try:
            files.check()
            maps.check(tasks)
            steps.check(maps, events)
            tasks = tasks.with_templates(definition)
            machine = load_machine(definition)
            with nullcontext() if data is None else stages_watched(data.note):
                machine.compile()
            value = read_input(input_text)
            shown = Shown(witness.catch_up, width, witness.changed)
            doers = steps.ready(machine, tasks.integrations(machine, limits=not no_limits), shown)
            ran = machine.run(
                value,
                integrations=doers,
                name=maps.name,
                limits=not no_limits,
                max_workers=max_workers,
                clock=asltool.RealClock() if real_time else None,
                watch=witness,
                s3=tasks.objects(),
                map_runs=maps.map_runs(bar, tasks, limits=not no_limits),
                checkpoints=maps.checkpoints(),
            )
        except (AslToolError, OSError) as problem:
            refuse("run", problem)
        except Stopped as stopped:
            end_processes()
            if witness.execution is None:
                raise
            now = time.time() if real_time else 0.0
            ran = report_stop(machine, witness.execution, stopped, now)
            if maps.name is not None:
                click.echo(f'to resume it, pass --name "{maps.name}" --resume', err=True)
            witness.report_changes()
            files.write(machine, ran, doers)
            sys.exit(stopped.status)
        witness.report_changes()
        try:
            report(machine, ran, output)
        finally:
            complete = files.write(machine, ran, doers)
    sys.exit(1 if ran.status != "SUCCEEDED" else 0 if complete else 3)


def _width(terminal: bool) -> int:
    """Return how many characters fit on a line of standard error."""
    return os.get_terminal_size(sys.stderr.fileno()).columns or 80 if terminal else 80
