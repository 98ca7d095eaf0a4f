"""``asltool replay``: parse, call, print."""

from __future__ import annotations

import sys

import click

from asltool.cli.json_options import DEFINITION, load_machine, read_file
from asltool.cli.problems import refuse
from asltool.errors import AslToolError, HistoryError
from asltool.expr.values import loads

__all__ = ["replay"]


@click.command(short_help="Run a recorded execution on the current definition, and report what differs.")
@click.argument("definition", metavar="FILE", type=DEFINITION)
@click.option(
    "--history",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="The history, from aws stepfunctions get-execution-history or asltool run --history.",
)
def replay(definition: str, history: str) -> None:
    """Run a recorded execution again on the state machine in FILE, and report where it would now differ.

    - reads standard input. Every task returns its recorded result. The path, the input and output of each
    state, the input of each task and the outcome are compared. Values that change in every run (timestamps,
    UUIDs, task tokens) are not.

    \b
    Examples:
      aws stepfunctions get-execution-history --execution-arn ARN > H.json
      asltool replay etl.asl.json --history H.json

    Exit status: 0 no differences, 1 differences, 2 the execution could not be replayed.
    """
    from asltool.testing.comparison import compare_with_history

    try:
        found = compare_with_history(load_machine(definition), _read(history), history)
    except (AslToolError, OSError) as problem:
        refuse("replay", problem)
    for line in found.differences:
        click.echo(line)
    click.echo(f"recorded: {found.recorded}\nreplayed: {found.replayed}", err=True)
    sys.exit(0 if found.same else 1)


def _read(path: str) -> dict[str, object]:
    try:
        document = loads(read_file(path))
    except ValueError as problem:
        raise HistoryError(f"{path} is not JSON: {problem}") from problem
    if (
        not isinstance(document, dict)
        or not isinstance(document.get("events"), list)
        or not document["events"]
    ):
        raise HistoryError(f'{path} is not the history of an execution: expected an object with "events"')
    return document
