"""``asltool explore``: parse, search, print, and write what was found."""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from asltool.cli.byproducts import check_writable_folder, folder_option
from asltool.cli.json_options import DEFINITION_FILE
from asltool.cli.problems import refuse
from asltool.cli.streams import results
from asltool.errors import AslToolError, OptionError
from asltool.expr.encodings import ESCAPED
from asltool.machine import load
from asltool.testing.case_files import find_case_files, read_cases
from asltool.testing.case_runs import run_case
from asltool.testing.coverage import Target
from asltool.testing.coverage.reached import reached
from asltool.testing.explore import FoundRun, Search
from asltool.testing.explore import explore as search

__all__ = ["explore"]


_SECONDS = 60.0
"""How long a search may take by default. It ends earlier if it finds nothing new for a while."""


def _finite(ctx: click.Context, parameter: click.Parameter, seconds: float | None) -> float | None:
    if seconds is not None and math.isnan(seconds):
        raise click.BadParameter("nan is not a number of seconds")
    return seconds


@click.command(short_help="Find inputs and task outcomes that reach what no test reaches.")
@click.argument("definition", type=DEFINITION_FILE)
@folder_option("Write the cases to this folder, one file each.  [default: only list them]")
@click.option(
    "--cases",
    metavar="FILE|FOLDER",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Existing case files: do not search for what they already reach.",
)
@click.option(
    "--seconds",
    metavar="N",
    type=click.FloatRange(min=0),
    callback=_finite,
    help="Search for N seconds, unless all is reached earlier.  [default: at most 60, as long as it helps]",
)
@click.option("--seed", default=0, show_default=True, help="The seed of random values.")
@click.option("--progress/--no-progress", default=None, help="Show progress.  [default: on a terminal]")
def explore(
    definition: Path,
    folder: Path | None,
    cases: tuple[Path, ...],
    seconds: float | None,
    seed: int,
    progress: bool | None,
) -> None:
    """Find inputs and task outcomes that together reach every state of DEFINITION and every transition.

    Choice conditions are solved, and tasks fail with the errors that Retry and Catch name. States that cannot
    be reached are reported with the reason, and so are loops that never end. The same DEFINITION and seed
    give the same cases. The results are case files for asltool test: review what they expect before you keep
    them.

    \b
    Examples:
      asltool explore etl.asl.json
      asltool explore etl.asl.json -o tests/etl
      asltool explore etl.asl.json --cases tests/ -o tests/more

    Exit status: 0 all was reached but what cannot be, 1 not all, 2 wrong usage or a file that cannot be used.
    """
    shown = _SearchProgress() if (sys.stderr.isatty() if progress is None else progress) else None
    end = time.monotonic() + (_SECONDS if seconds is None else seconds)
    with results() as output:
        try:
            check_writable_folder("-o", folder)
            machine = load(definition)
            known = _known(definition, cases)
            exploration = search(
                machine,
                known=known,
                seed=seed,
                go_on=lambda: time.monotonic() < end,
                watch=shown or (lambda _: None),
                patient=seconds is not None,
            )
        except (AslToolError, OSError) as problem:
            refuse("explore", problem)
        if shown is not None:
            shown.clear()
        click.echo(f"{definition}: {exploration.report()}", file=output)
        try:
            paths = _write(exploration.found, definition, folder)
        except (AslToolError, OSError) as problem:
            refuse("explore", problem)
        for path, found in zip(paths, exploration.found, strict=True):
            click.echo(f"{'case' if folder is None else path}: {found.name}", file=output)
    sys.exit(1 if exploration.missing else 0)


def _known(definition: Path, cases: Sequence[Path]) -> set[Target]:
    """Return the targets that existing cases of a definition reach."""
    known: set[Target] = set()
    for path in find_case_files(cases):
        for case in read_cases(path):
            if isinstance(case.definition, Path) and case.definition.resolve() == definition.resolve():
                run = run_case(case).run
                known.update(() if run is None else reached(run.story))
    return known


def _write(found: Sequence[FoundRun], definition: Path, folder: Path | None) -> list[Path]:
    """Write the cases to the folder, if one is given; return their paths.

    Raises:
        OptionError: a file would be overwritten.
    """
    import yaml

    names = [f"{number:02}-{each.slug}.asltest.yaml" for number, each in enumerate(found, 1)]
    if folder is None:
        return [Path(name) for name in names]
    there = [folder / name for name in names if (folder / name).exists()]
    if there:
        raise OptionError(f"{there[0]} already exists. choose another folder, or pass this one to --cases")
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(os.path.relpath(definition, folder)).as_posix()
    for number, (name, each) in enumerate(zip(names, found, strict=True), 1):
        objects = f"s3/{number:02}"
        each.write_objects(folder / objects)
        text = yaml.safe_dump(each.case(beside, objects), sort_keys=False, allow_unicode=True, width=100)
        (folder / name).write_text(text, encoding="utf-8", errors=ESCAPED)
    return [folder / name for name in names]


class _SearchProgress:
    """Shows how far a search is, on one line."""

    _PAUSE = 0.1

    def __init__(self) -> None:
        self._shown_at = float("-inf")

    def __call__(self, search: Search) -> None:
        now = time.monotonic()
        if now - self._shown_at >= self._PAUSE:
            self._shown_at = now
            self.clear()
            click.echo(f"run {search.runs:,}, {len(search.left)} left to reach", err=True, nl=False)

    def clear(self) -> None:
        click.echo("\r\x1b[K", err=True, nl=False)
