"""``asltool completion``: print a script for shell completion of commands, options and names."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

__all__ = ["completion"]

_BASH = (
    "COMPREPLY+=($value)",
    'COMPREPLY+=("$value"); [[ $value == *[[:space:]]* ]] && compopt -o filenames',
)
"""What adds a completion in click's script, and what also adds a name with spaces, quoted by the shell."""


@click.command(short_help="Print the script for shell completion.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that makes SHELL complete commands, options, files, rules and states.

    \b
    Examples:
      source <(asltool completion bash)     # in ~/.bashrc
      source <(asltool completion zsh)      # in ~/.zshrc, after compinit
      asltool completion fish | source      # in ~/.config/fish/config.fish

    Exit status: 0 printed, 2 another shell.
    """
    found = get_completion_class(shell)
    assert found is not None
    script = found(ctx.find_root().command, {}, "asltool", "_ASLTOOL_COMPLETE")
    click.echo((found.source_template % script.source_vars()).replace(*_BASH))
