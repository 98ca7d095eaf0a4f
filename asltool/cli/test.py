"""``asltool test``: parse, call, print."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TextIO

import click

from asltool.cli.byproducts import check_writable_folder, written
from asltool.cli.problems import refuse
from asltool.cli.streams import results
from asltool.cli.watch_option import watch_option
from asltool.errors import AslToolError, CaseError
from asltool.testing.case_files import ENDINGS, Case, find_case_files, read_cases
from asltool.testing.case_report import junit
from asltool.testing.case_runs import CaseResult, run_case
from asltool.testing.case_update import update_file
from asltool.testing.coverage import Coverage

__all__ = ["test"]


@click.command(short_help="Run case files: tests of state machines as data.")
@watch_option
@click.argument("paths", metavar="[FILE|FOLDER]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--filter",
    "wanted",
    metavar="TEXT",
    help="Run only cases whose file or name contains this text; * matches anything.",
)
@click.option("-x", "--exitfirst", is_flag=True, help="Stop at the first case that fails.")
@click.option(
    "--junit",
    "report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a test report to this file, as JUnit XML.",
)
@click.option(
    "--cov", is_flag=True, help="Report which states, transitions, retries and catchers no case covers."
)
@click.option(
    "--cov-fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Fail if coverage is lower than this. Implies --cov.",
)
@click.option(
    "--cov-file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the coverage to this file, as JSON. Implies --cov.",
)
@click.option(
    "--cov-html",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write an HTML page for each state machine that shows its coverage. Implies --cov.",
)
@click.option(
    "--cov-append",
    is_flag=True,
    help="Add to the coverage from earlier runs in --cov-file instead of replacing it.",
)
@click.option(
    "--update",
    is_flag=True,
    help="Replace what the case files expect with what happened. Review the changes.",
)
@click.option(
    "--progress/--no-progress",
    default=None,
    help="Show a dot for each case that passes, an F for each that fails.  [default: on a terminal]",
)
def test(
    paths: tuple[Path, ...],
    wanted: str | None,
    exitfirst: bool,
    report: Path | None,
    cov: bool,
    cov_fail_under: float | None,
    cov_file: Path | None,
    cov_html: Path | None,
    cov_append: bool,
    update: bool,
    progress: bool | None,
) -> None:
    """Run the cases in each FILE, and in each FOLDER and below it: *.asltest.yaml, .yml and .json.

    The default is the current folder. Differences from what a case expects go to standard output, what
    handlers print to standard error.

    \b
    Examples:
      asltool test
      asltool test tests/ --filter "busy*" -x
      asltool test etl.asltest.yaml --junit report.xml
      asltool test --cov-html coverage/
      asltool test etl.asltest.yaml --update

    Exit status: 0 all passed, 1 some failed or coverage is too low, 2 wrong usage, a case file that cannot
    be used, a file that cannot be written, or no cases; 3 all passed, but a file of --junit, --cov-file or
    --cov-html was not written.
    """
    show = sys.stderr.isatty() if progress is None else progress
    cov = cov or any(option is not None for option in (cov_fail_under, cov_file, cov_html))
    if update and (cov or report is not None):
        raise click.UsageError("--update writes case files; run it without --junit and --cov")
    if cov_append and cov_file is None:
        raise click.UsageError("--cov-append needs --cov-file, the file to add to")
    with results() as output:
        try:
            check_writable_folder("--junit", None if report is None else report.parent)
            check_writable_folder("--cov-file", None if cov_file is None else cov_file.parent)
            check_writable_folder("--cov-html", cov_html)
            before = Coverage.read(cov_file) if cov_append and cov_file is not None else Coverage()
            cases = _cases(paths or (Path(),), wanted)
            ran = _run(cases, exitfirst=exitfirst, show=show, keep_children=cov)
            if update:
                sys.exit(_update(ran, output))
            coverage = _covered(ran, before) if cov else None
        except (AslToolError, OSError) as problem:
            refuse("test", problem)
        good = _report(ran, output)
        if coverage is not None and not _tell(coverage, cov_fail_under or 0, output):
            good = False
        output.flush()
        complete = _write(ran, coverage, report, cov_file, cov_html)
    sys.exit(1 if not good else 0 if complete else 3)


def _report(ran: Sequence[CaseResult], output: TextIO) -> bool:
    """Print the results; return whether all cases passed."""
    failed = [result for result in ran if result.problems]
    for result in failed:
        click.echo(f"FAILED {result.case.place}: {result.case.name}", file=output)
        click.echo("".join(f"  {line}\n" for line in result.report.splitlines()), file=output)
    passed = f"{len(ran) - len(failed)} passed"
    click.echo(f"{len(failed)} failed, {passed}" if failed else passed, file=output)
    return not failed


def _write(
    ran: Sequence[CaseResult],
    coverage: Coverage | None,
    report: Path | None,
    cov_file: Path | None,
    cov_html: Path | None,
) -> bool:
    """Write the requested files, report those that fail, and return whether all were written."""
    done = []
    if report is not None:
        text = junit(ran)
        done.append(written("test", "--junit", report, lambda: _write_report(report, text)))
    if coverage is not None and cov_file is not None:
        done.append(written("test", "--cov-file", cov_file, lambda: coverage.write(cov_file)))
    if coverage is not None and cov_html is not None:
        from asltool.testing.coverage.html import write_html

        done.append(written("test", "--cov-html", cov_html, lambda: write_html(coverage, cov_html)))
    return all(done)


def _write_report(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _covered(ran: Sequence[CaseResult], before: Coverage) -> Coverage:
    coverage = Coverage()
    for run in (result.run for result in ran if result.run is not None):
        coverage.add_run(run)
    coverage.take_up(before)
    return coverage


def _tell(coverage: Coverage, wanted: float, output: TextIO) -> bool:
    """Print the coverage; return whether it is high enough."""
    click.echo(coverage.report(), file=output)
    enough = coverage.percent >= wanted
    if not enough:
        click.echo(f"FAILED: coverage is below {wanted:g} %", file=output)
    return enough


def _cases(paths: Sequence[Path], wanted: str | None) -> list[Case]:
    cases, problems = list[Case](), list[str]()
    for path in find_case_files(paths):
        try:
            cases += read_cases(path)
        except CaseError as problem:
            problems.append(str(problem))
    if problems:
        raise CaseError("\n".join(problems))
    if not cases:
        names = ", ".join(f"*{ending}" for ending in ENDINGS)
        raise click.UsageError(f"no cases in {', '.join(map(str, paths))}; looked for {names}")
    found = [case for case in cases if wanted is None or _fits(case, wanted)]
    if not found:
        raise click.UsageError(f'none of {len(cases)} cases matches "{wanted}" in its file or name')
    return found


def _update(ran: Sequence[CaseResult], output: TextIO) -> int:
    """Update each file, report the cases that could not be run, and return the exit status."""
    by_path: dict[Path, list[CaseResult]] = {}
    for result in ran:
        by_path.setdefault(result.case.path, []).append(result)
    updated = sum(update_file(path, [*those]) for path, those in by_path.items())
    left = [result for result in ran if result.run is None]
    for result in left:
        where = f"{result.case.place}: {result.case.name}"
        click.echo(f"not updated: {where}: {result.problems[0]}", file=output)
    click.echo(f"{updated} updated, {len(ran) - updated - len(left)} as expected", file=output)
    return 1 if left else 0


def _fits(case: Case, wanted: str) -> bool:
    pattern = f"*{wanted.replace('[', '[[]')}*"
    return any(fnmatchcase(text, pattern) for text in (case.place, case.name))


def _run(cases: Sequence[Case], *, exitfirst: bool, show: bool, keep_children: bool) -> list[CaseResult]:
    ran: list[CaseResult] = []
    for case in cases:
        ran.append(run_case(case, keep_children=keep_children))
        if show:
            click.echo("F" if ran[-1].problems else ".", nl=False, err=True)
        if exitfirst and ran[-1].problems:
            break
    if show:
        click.echo(err=True)
    return ran
