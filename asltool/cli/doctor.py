"""``asltool doctor``: what is installed."""

from __future__ import annotations

import sys

import click

from asltool.cli.installed import Component, parts
from asltool.cli.json_options import pretty
from asltool.cli.streams import portable

__all__ = ["doctor"]

_COLOURS = {"ok": "green", "missing": "yellow", "broken": "red"}


@click.command(short_help="Show what is installed, what each part is for, and what is broken.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Show what asltool can use on this machine: versions, extras, Graphviz, Node.js and fonts.

    Everything but asltool and Python is optional. What is missing or broken is shown with how to get it.

    \b
    Examples:
      asltool doctor
      asltool doctor --json

    Exit status: 0 nothing is broken, 1 something is installed but does not work.
    """
    found = list(parts())
    if as_json:
        click.echo(portable(pretty({"parts": [each._asdict() for each in found]})), nl=False)
    else:
        for part in found:
            click.echo(_line(part))
    sys.exit(1 if any(part.status == "broken" for part in found) else 0)


def _line(part: Component) -> str:
    status = click.style(part.status.ljust(7), fg=_COLOURS[part.status])
    hint = "" if part.status == "ok" else f". {part.get}"
    return f"{status}  {part.name.ljust(9)}  {part.found} ({part.purpose}){hint}"
