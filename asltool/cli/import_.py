"""``asltool import``: convert definitions of other tools to state machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from asltool.cli.named_commands import NamedCommands
from asltool.cli.problems import refuse
from asltool.errors import AslToolError, DefinitionError, OptionError

if TYPE_CHECKING:
    from asltool.convert.glue.machine import ConvertedWorkflow

__all__ = ["import_"]

_ENDING = ".asl.json"


@click.group("import", cls=NamedCommands, short_help="Convert an AWS Glue workflow to a state machine.")
def import_() -> None:
    """Convert definitions of other tools to state machines.

    \b
    Examples:
      asltool import glue workflow.json -o pipeline.asl.json

    Exit status: 0 imported, 1 there is nothing that can run, 2 the source cannot be read.
    """


@import_.command(short_help="Convert AWS Glue workflows to state machines.")
@click.argument("source")
@click.option("-o", "--output", metavar="FILE", help="Where to write the definition (standard output).")
@click.option("--account", default="123456789012", metavar="ID", help="The account of a template's ARNs.")
@click.option("--region", default="us-east-1", metavar="REGION", help="The region of a template's ARNs.")
def glue(source: str, output: str | None, account: str, region: str) -> None:
    """Convert the AWS Glue workflows in SOURCE to state machines.

    SOURCE is what "aws glue get-workflow --include-graph" prints, a CloudFormation template, or a file or
    folder of Terraform; SOURCE#NAME is one of its workflows. If there are several workflows, each is written
    to its own file, with the workflow's name added to FILE. Schedules and event rules are written to a SAM
    template beside FILE, which "asltool serve" reads. What cannot be converted is printed on standard error.

    \b
    Examples:
      aws glue get-workflow --name nightly --include-graph > nightly.json
      asltool import glue nightly.json -o nightly.asl.json
      asltool import glue infrastructure/ -o pipeline.asl.json

    Exit status: 0 imported, 1 there is nothing that can run, 2 the source cannot be read.
    """
    from asltool.convert.glue.machine import imported
    from asltool.convert.glue.reading import read_workflows
    from asltool.syntax.sources.chosen import split

    file, name = split(source)
    try:
        found = read_workflows(file, (account, region))
    except (AslToolError, OSError) as problem:
        refuse("import", problem)
    chosen = [each for each in found.workflows if name in (None, each.name, each.label)]
    if name is not None and not chosen:
        names = ", ".join(each.name for each in found.workflows)
        raise click.UsageError(f'{file} has no workflow "{name}". it has {names}')
    done: list[ConvertedWorkflow] = []
    for workflow in chosen:
        try:
            done.append(imported(workflow, found.labels))
        except DefinitionError as problem:
            click.echo(f"left out: {problem}", err=True)
    for note in (*(note for each in done for note in each.notes), *(() if name else found.notes)):
        click.echo(note, err=True)
    if not done:
        sys.exit(1)
    try:
        _write(done, output, file)
    except (AslToolError, OSError) as problem:
        refuse("import", problem)


def _write(done: Sequence[ConvertedWorkflow], output: str | None, source: str) -> None:
    from asltool.convert.glue.beside import template_of

    if output is None and len(done) > 1:
        names = ", ".join(each.workflow.name for each in done)
        raise click.UsageError(
            f"there are {len(done)} workflows: {names}. name one with SOURCE#NAME, or pass -o"
        )
    if output is None:
        click.echo(_text(done[0]), nl=False)
        if template_of(done[0], "") is not None:
            click.echo("the triggers are written only with -o", err=True)
        return
    files = _files(done, output)
    for path in files:
        if path.exists() and path.samefile(source):
            raise OptionError(f'"{path}" is the source. pass another name with -o')
    for path, (text, what) in files.items():
        path.write_text(text, encoding="utf-8")
        click.echo(f"{path}: {what}")


def _files(done: Sequence[ConvertedWorkflow], output: str) -> dict[Path, tuple[str, str]]:
    """Return the text of each file and what it is. Raises OptionError if two would have the same name."""
    from asltool.convert.glue.beside import template_of

    files: dict[Path, tuple[str, str]] = {}
    for each in done:
        base = output.removesuffix(_ENDING).removesuffix(".json")
        base = base if len(done) == 1 else f"{base}-{_in_file_names(each.workflow.name)}"
        path = Path(output if len(done) == 1 else f"{base}{_ENDING}")
        if path in files:
            raise OptionError(f'two workflows would be written to "{path}". name one with SOURCE#NAME')
        files[path] = _text(each), f"workflow {each.workflow.name}"
        template = template_of(each, path.name)
        if template is not None:
            files[Path(f"{base}.template.json")] = template, "what starts it"
    return files


def _text(imported: ConvertedWorkflow) -> str:
    return json.dumps(imported.definition, indent=2, ensure_ascii=False) + "\n"


def _in_file_names(name: str) -> str:
    return "".join(each if each.isalnum() or each in "._-" else "-" for each in name)
