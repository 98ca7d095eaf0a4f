"""``asltool schema``: the JSON Schemas for editors."""

from __future__ import annotations

import click

from asltool.syntax.schema import schema_file

__all__ = ["schema"]


@click.command(short_help="Print the JSON Schema of definitions, for editors.")
@click.option("--asltest", is_flag=True, help="Print the schema of case files (*.asltest.yaml) instead.")
@click.option("--validate", is_flag=True, help="Print the schema of asltool validate --format json instead.")
def schema(asltest: bool, validate: bool) -> None:
    """Print the JSON Schema (2020-12) of definitions, which editors complete and explain fields with.

    \b
    Examples:
      asltool schema > asl.schema.json
      asltool schema --asltest > asltest.schema.json
      asltool schema --validate > validate.schema.json

    Exit status: 0 printed, 2 wrong usage.
    """
    file = schema_file()
    if asltest and validate:
        raise click.UsageError("--asltest and --validate cannot be combined")
    other = "asltest" if asltest else "validate"
    wanted = file.with_name(f"{other}.schema.json") if asltest or validate else file
    click.echo(wanted.read_text(encoding="utf-8"), nl=False)
