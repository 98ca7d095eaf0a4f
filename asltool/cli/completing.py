"""Shell completion for the values of options and arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from asltool.errors import AslToolError
from asltool.syntax.sources.chosen import choose

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["rules_completed", "states_completed"]


def rules_completed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the rules that begin with a text, which may follow other rules, separated by commas."""
    from click.shell_completion import CompletionItem

    from asltool.rules.catalogue import CATALOGUE

    before, comma, begin = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{name}", help=rule.summary)
        for name, rule in CATALOGUE.items()
        if name.startswith(begin)
    ]


def states_completed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the states of the machine in FILE; none if it cannot be read."""
    from click.shell_completion import CompletionItem

    from asltool.service.single_state.subject import state_names

    # click reads no arguments while the last option lacks its value.
    file = ctx.params.get("definition") or next(iter(ctx.args), None)
    if file in (None, "-"):
        return []
    try:
        definition = choose(str(file)).value
    except (AslToolError, OSError):
        return []
    names = state_names(definition) if isinstance(definition, Mapping) else ()
    return [CompletionItem(name) for name in names if name.startswith(incomplete) and "\n" not in name]
