"""``asltool validate``: check definitions and print what is wrong with them."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from asltool.cli.baseline import new_since, record
from asltool.cli.checking import Checked, Checker, by_file, unified_diff
from asltool.cli.completing import rules_completed
from asltool.cli.formats import FORMATS, formatter
from asltool.cli.problems import in_words, reason
from asltool.cli.settings import Selection, SettingsError, load_settings, rule_names
from asltool.cli.streams import portable
from asltool.cli.watch_option import watch_option
from asltool.errors import OptionError
from asltool.expr.encodings import ESCAPED, rewrite
from asltool.syntax.sources.files import UNREADABLE, File, open_all
from asltool.syntax.sources.named import find

__all__ = ["validate"]


def _rules(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> frozenset[str]:
    """Read lists of rules: the option can be repeated, and each value can name several rules."""
    names = [name.strip() for value in values for name in value.split(",")]
    try:
        return rule_names(filter(None, names))
    except SettingsError as problem:
        raise click.BadParameter(str(problem)) from None


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Pause garbage collection of cycles, which would rescan all parsed files again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_ESCAPES = {"json": ESCAPED, "sarif": ESCAPED, "junit": "xmlcharrefreplace"}
"""The formats for programs, and how each is encoded if standard output is not UTF-8."""


@click.command(short_help="Check state machines: every problem, placed and explained.")
@watch_option
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How findings are printed.",
)
@click.option(
    "--select",
    metavar="RULE",
    multiple=True,
    callback=_rules,
    shell_complete=rules_completed,
    help="Report only these rules, separated by commas.",
)
@click.option(
    "--ignore",
    metavar="RULE",
    multiple=True,
    callback=_rules,
    shell_complete=rules_completed,
    help="Do not report these rules.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Report only findings that are not in this file. Record today's findings if it does not exist.",
)
@click.option("--strict", is_flag=True, help="Report warnings as errors.")
@click.option("--fix", is_flag=True, help="Show a diff that fixes every problem with one safe answer.")
@click.option("--write", is_flag=True, help="With --fix: change the files and report what remains.")
@click.pass_context
@_nothing_collected()
def validate(
    ctx: click.Context,
    files: tuple[str, ...],
    form: str,
    select: frozenset[str],
    ignore: frozenset[str],
    baseline: Path | None,
    strict: bool,
    fix: bool,
    write: bool,
) -> None:
    """Check the state machines in FILES: files, folders and globs; - reads standard input, as JSON.

    Definitions are read from JSON, YAML, CloudFormation and SAM templates, serverless.yml and Terraform. In
    folders these are the files *.asl.json, *.asl.yaml and *.asl.yml, and templates; what git ignores is left
    out. --fix --write changes only files that you name and files below folders that you name. Settings are in
    .asltool.toml or in [tool.asltool] of pyproject.toml; with --select only the options count.

    \b
    Examples:
      asltool validate order.asl.json
      asltool validate . --ignore task-without-timeout
      asltool validate . --strict
      asltool validate . --baseline .asltool-baseline.json
      asltool validate template.yaml --fix --write
      terraform output -raw definition | asltool validate -

    Exit status: 0 no problem found, 1 problems found, 2 wrong usage, a file that cannot be read or changed,
    or no state machine that can be read. The other files are checked in any case.
    """
    if write and (not fix or "-" in files):
        raise click.UsageError("--write needs --fix, and files to write to")
    if fix and not write and form != "text":
        raise click.UsageError("--fix prints a diff: to use --format, add --write")
    try:
        checker = Checker(load_settings(Path.cwd()), Selection(select, ignore), strict)
    except (OSError, SettingsError) as problem:
        raise click.UsageError(in_words(problem)) from None
    opened = open_all(find(files))
    checked = [checker.check(file) for file in opened]
    written = True
    if write:
        for index, file in enumerate(opened):
            checked[index], done = _write(checker, file, checked[index])
            written = written and done
    checked = by_file(checked, opened, checker.unused(checked))
    if baseline is not None:
        checked = _since(checked, baseline)
    for file in opened:
        if not (file.documents or file.elsewhere or file.problems or file.workflows):
            click.echo(f"{file.path} has no state machine", err=True)
    if fix and not write:
        _print("".join(unified_diff(file, checker.mend(file)[0]) for file in opened if file.may_change))
        _warn_of_unreadable(checked)
    else:
        report = formatter(form)(checked)
        _print(portable(report, escapes=_ESCAPES[form]) if form in _ESCAPES else report)
    ctx.exit(_status(checked) if written else 2)


def _since(checked: list[Checked], baseline: Path) -> list[Checked]:
    """Return the findings that are not in the baseline; record one if it does not exist."""
    try:
        if not baseline.exists():
            count = record(checked, baseline)
            click.echo(f"{baseline}: {count} finding{'' if count == 1 else 's'} recorded", err=True)
        return new_since(checked, baseline)
    except (OptionError, OSError) as problem:
        raise click.UsageError(in_words(problem)) from None


def _status(checked: list[Checked]) -> int:
    found = [each for file in checked for each in file.diagnostics]
    if any(each.code == UNREADABLE for each in found) or _nothing_read(checked):
        return 2
    return 1 if any(each.severity == "error" for each in found) else 0


def _nothing_read(checked: list[Checked]) -> bool:
    """Return whether there are machines, none of which could be read."""
    return any(file.not_read for file in checked) and not any(file.machines for file in checked)


def _warn_of_unreadable(checked: list[Checked]) -> None:
    for each in (each for file in checked for each in file.diagnostics):
        if each.code == UNREADABLE:
            click.echo(str(each), err=True)


def _write(checker: Checker, file: File, before: Checked) -> tuple[Checked, bool]:
    """Fix a file. Return the remaining findings, and whether the file could be written."""
    fixed, fixes = checker.mend(file)
    if not fixes:
        return before, True
    count = f"{fixes} fix{'' if fixes == 1 else 'es'}"
    if not file.may_change:
        click.echo(f"{file.path}: {count} not made: not one of the named files", err=True)
        return before, True
    try:
        rewrite(file.path, fixed.text.encode())
    except OSError as problem:
        click.echo(f"{file.path} cannot be written: {reason(problem)}", err=True)
        return before, False
    click.echo(f"{file.path}: {count} made", err=True)
    return checker.check(fixed), True


def _print(text: str) -> None:
    click.echo(text, nl=False, color=False if "NO_COLOR" in os.environ else None)
