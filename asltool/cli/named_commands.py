"""Groups of commands that suggest a similar name for an unknown command."""

from __future__ import annotations

import click

from asltool.syntax.wording import expected, quoted

__all__ = ["ARGUMENTS", "NamedCommands"]

ARGUMENTS = "asltool.arguments"
"""Where the arguments of the command line are kept in the ``meta`` of a context."""


class NamedCommands(click.Group):
    """A group of commands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"unknown command {quoted(args[0])}. {expected(args[0], known)}")
        return super().resolve_command(ctx, args)
