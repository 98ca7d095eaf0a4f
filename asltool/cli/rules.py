"""``asltool rules``: the manual."""

from __future__ import annotations

import click

from asltool.cli.completing import rules_completed
from asltool.rules.catalogue import CATALOGUE
from asltool.syntax.wording import expected, quoted

__all__ = ["rules"]


@click.command(short_help="Print the manual page of a rule, or the list of all rules.")
@click.argument("rule", required=False, shell_complete=rules_completed)
def rules(rule: str | None) -> None:
    """Print the manual page of RULE: what it finds, why, and a wrong and a right example.

    Without RULE, all rules are listed.

    \b
    Examples:
      asltool rules
      asltool rules next-not-found

    Exit status: 0 printed, 2 no such rule.
    """
    if rule is None:
        widest = max(map(len, CATALOGUE))
        for entry in CATALOGUE.values():
            click.echo(f"{entry.name.ljust(widest)}  {entry.summary}")
    elif rule in CATALOGUE:
        click.echo(CATALOGUE[rule].page)
    else:
        raise click.UsageError(f"unknown rule {quoted(rule)}. {expected(rule, CATALOGUE)}")
