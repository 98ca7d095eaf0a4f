"""``asltool executions``: manage the executions in a server's data folder or of named runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO

import click

from asltool.cli.byproducts import check_writable, written
from asltool.cli.executions_shown import described, line, name_of, report, status_of
from asltool.cli.json_options import pretty
from asltool.cli.moments import moment
from asltool.cli.named_commands import NamedCommands
from asltool.cli.problems import refuse
from asltool.cli.streams import portable
from asltool.errors import AslToolError, CheckpointError, DumpError, OptionError
from asltool.expr.encodings import ESCAPED
from asltool.store import ExecutionRow, Store, open_store, open_to_read
from asltool.store.checkpoint import remove_journals
from asltool.store.exchange import Importer, exported
from asltool.store.opening import FolderHold
from asltool.store.port import MAP_RUN
from asltool.store.replay import history_of

__all__ = ["executions"]

_STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "BLOCKED")
_PAGE = 500

_data = click.option(
    "--data",
    metavar="FOLDER",
    default=".asltool/server",
    show_default=True,
    type=click.Path(file_okay=False),
    help="The folder of the server, or the one where run --name saves executions: .asltool.",
)


@click.group(cls=NamedCommands, short_help="List, show, export, import and remove kept executions.")
def executions() -> None:
    """List, show, export, import and remove the executions that a folder keeps.

    \b
    Examples:
      asltool executions list --status FAILED
      asltool executions show monday --data .asltool
      asltool executions prune --before 90d

    Exit status: 0 done, 1 an execution to be imported exists with other content, 2 it could not be done.
    """


@executions.command("list", short_help="List executions, the newest first.")
@_data
@click.option(
    "--machine",
    metavar="NAME|ARN",
    help="Only executions of this state machine. NAME/LABEL: children of this Distributed Map.",
)
@click.option(
    "--status",
    type=click.Choice(_STATUSES, case_sensitive=False),
    help="Only executions with this status. BLOCKED: those that this version of asltool cannot continue.",
)
@click.option("--text", help="Only executions with this text in the ARN, input, output, error or cause.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each execution, one a line.")
def listed(data: str, machine: str | None, status: str | None, text: str | None, as_json: bool) -> None:
    """List executions, the newest first: start, status, state machine and name, and the error.

    BLOCKED are executions that this version of asltool cannot continue, each with the reason. For the API
    they are RUNNING. A server may be running on the folder.

    \b
    Examples:
      asltool executions list
      asltool executions list --machine orders --status FAILED --text Card.Declined
      asltool executions list --data .asltool --json

    Exit status: 0 listed, 2 the folder cannot be read.
    """
    with _refused("list"), closing(open_to_read(data)) as store:
        for row in _rows(store, text=text, status="RUNNING" if status == "BLOCKED" else status):
            if status == "BLOCKED" and status_of(row) != "BLOCKED":
                continue
            if _is_of(row, machine):
                shown = json.dumps(described(row, whole=False)) if as_json else portable(line(row))
                click.echo(shown)


@executions.command(short_help="Show an execution with its history.")
@click.argument("execution", metavar="NAME|ARN")
@_data
@click.option(
    "--history",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write the event history to this file, as JSON.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the execution and its events as JSON.")
def show(execution: str, data: str, history: str | None, as_json: bool) -> None:
    """Show an execution: its status, when it ran, its input, its output or error, and its history.

    Of executions with the same ARN, the latest is shown. A server may be running on the folder.

    \b
    Examples:
      asltool executions show monday
      asltool executions show monday --history history.json

    Exit status: 0 shown, 2 there is no such execution, or the folder cannot be read, 3 the history was not
    written.
    """
    with _refused("show"), closing(open_to_read(data)) as store:
        check_writable("--history", history)
        row = _found(store, execution, data)
        spelled = history_of(store.log(row.number))
    if as_json:
        click.echo(portable(pretty({**described(row, whole=True), "events": spelled})), nl=False)
    else:
        for each in report(row, spelled):
            click.echo(portable(each))
    sys.stdout.flush()
    if history is not None:
        file, text = Path(history), pretty({"events": spelled})
        name = "executions show"
        if not written(name, "--history", file, lambda: file.write_text(text, "utf-8", errors=ESCAPED)):
            sys.exit(3)


@executions.command(short_help="Print executions as JSON Lines, to be imported elsewhere.")
@click.argument("execution", metavar="[NAME|ARN]", required=False)
@_data
def export(execution: str | None, data: str) -> None:
    """Print an execution, or all, as JSON Lines: each with its definition and its log.

    The children of its map runs are printed with it. A server may be running on the folder.

    \b
    Examples:
      asltool executions export > all.jsonl
      asltool executions export monday --data .asltool > monday.jsonl

    Exit status: 0 printed, 2 there is no such execution, or the folder cannot be read.
    """
    with _refused("export"), closing(open_to_read(data)) as store:
        if execution is not None:
            numbers = [row.number for row in _family(store, _found(store, execution, data))]
        else:
            numbers = [row.number for row in _rows(store)]
        for number in reversed(numbers):
            (row,) = store.executions(number=number, whole=True)
            click.echo(json.dumps(exported(store, row)))


@executions.command("import", short_help="Read executions that were exported.")
@click.argument("file", type=click.File(encoding="utf-8"))
@_data
def import_(file: TextIO, data: str) -> None:
    """Read the executions of FILE, which asltool executions export printed (- reads standard input).

    Executions that are there already are left as they are. If another execution has the same ARN, nothing is
    imported. No server may be running on the folder; the next one continues the executions that are running.

    \b
    Examples:
      asltool executions import all.jsonl
      ssh build asltool executions export | asltool executions import -

    Exit status: 0 imported, 1 an execution exists with other content, 2 the file or the folder cannot be
    used.
    """
    with _refused("import"):
        held = FolderHold(data, "asltool executions import")
        try:
            with closing(open_store(data)) as store:
                added = _import(file, store)
                store.commit()
        finally:
            held.release()
    click.echo(f"{_count(sum(added))} imported, {len(added) - sum(added)} unchanged")


@executions.command(short_help="Remove executions that ended before a date.")
@click.option(
    "--before",
    type=moment,
    required=True,
    metavar="DURATION|DATE",
    help="Remove what ended longer ago than this (90d, 12h), or before a date (2026-01-31) or timestamp.",
)
@_data
def prune(before: float, data: str) -> None:
    """Remove executions that ended before a date. Running and blocked ones are never removed.

    A server may be running on the folder. The file does not shrink: its space is used for new executions.

    \b
    Examples:
      asltool executions prune --before 90d
      asltool executions prune --before 2026-01-31 --data .asltool

    Exit status: 0 removed, 2 the folder cannot be used.
    """
    with _refused("prune"):
        open_to_read(data).close()
        with closing(open_store(data)) as store:
            removed = store.prune(before)
            store.commit()
            remove_journals(Path(data), store)
    click.echo(f"{_count(removed)} removed")


def _import(file: TextIO, store: Store) -> list[bool]:
    """Add every line of a file, and return the new executions."""
    importer = Importer(store)
    added: list[bool] = []
    try:
        for number, text in enumerate(file, 1):
            try:
                added.append(importer.add(json.loads(text)))
            except (CheckpointError, DumpError, ValueError, RecursionError) as problem:
                kind = CheckpointError if isinstance(problem, CheckpointError) else OptionError
                raise kind(f"{file.name}: line {number} cannot be imported: {problem}") from problem
    except UnicodeDecodeError as problem:
        raise OptionError(f"{file.name} is not UTF-8") from problem
    return added


@contextmanager
def _refused(command: str) -> Iterator[None]:
    try:
        yield
    except CheckpointError as problem:
        click.echo(f"asltool executions {command}: {problem}", err=True)
        sys.exit(1)
    except AslToolError as problem:
        refuse(f"executions {command}", problem)


def _rows(store: Store, *, text: str | None = None, status: str | None = None) -> Iterator[ExecutionRow]:
    """Yield executions, the newest first, without their input and output."""
    after: int | None = None
    while page := store.executions(text=text, status=status, after=after, limit=_PAGE):
        yield from page
        after = page[-1].number


def _found(store: Store, wanted: str, folder: str) -> ExecutionRow:
    """Return the latest execution with this name or ARN.

    Raises:
        OptionError: there is none, or there are several with this name.
    """
    if wanted.startswith("arn:"):
        found = store.executions(arn=wanted, limit=1)
    else:
        found = [row for row in _rows(store, text=wanted) if name_of(row) == wanted]
    if not found:
        raise OptionError(f'there is no execution "{wanted}" in {folder}')
    if len(arns := dict.fromkeys(row.arn for row in found)) > 1:
        listed = "".join(f"\n  {arn}" for arn in arns)
        raise OptionError(f'several executions are named "{wanted}". pass the ARN of one of them:{listed}')
    (row,) = store.executions(number=found[0].number, whole=True)
    return row


def _is_of(row: ExecutionRow, machine: str | None) -> bool:
    """Return whether an execution is of this state machine; by default, of any that is not a map run's."""
    if machine is None:
        return row.map_run is None
    return machine in (row.machine, row.machine.split(":", 6)[-1])


def _family(store: Store, row: ExecutionRow) -> Iterator[ExecutionRow]:
    """Yield an execution after the children of its map runs, which follow their own children."""
    for map_run in store.listed(MAP_RUN, row.arn):
        for child in store.executions(map_run=map_run.key):
            yield from _family(store, child)
    yield row


def _count(many: int) -> str:
    return f"{many} execution{'' if many == 1 else 's'}"
