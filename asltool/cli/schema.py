"""``asltool schema``: the JSON Schema for editors."""

from __future__ import annotations

import click

from asltool.syntax.schema import schema_file

__all__ = ["schema"]


@click.command(short_help="Print the JSON Schema of definitions, for editors.")
def schema() -> None:
    """Print the JSON Schema (2020-12) of definitions, which editors complete and explain fields with.

    \b
    Examples:
      asltool schema > asl.schema.json

    Exit status: 0 printed, 2 wrong usage.
    """
    click.echo(schema_file().read_text(encoding="utf-8"), nl=False)
