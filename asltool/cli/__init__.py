"""The command line. One file per command, imported only when it is called, so that ``--version`` is quick.

A command parses its options, calls the library and prints; it has no logic of its own. `GROUPS` lists them
with their one-line help, and their docstrings are their manuals. Exit status 0, 1 and 2 mean the same
everywhere: fine, a negative result, wrong usage.

- ``json_options``, ``streams``: JSON arguments, standard input and output, encodings
- ``task_options``, ``map_options``, ``other_machines``: the options that several commands share
- ``checking``, ``formats``, ``settings``, ``suppressions``, ``baseline``: what ``validate`` needs
- ``executions_shown``, ``moments``, ``completing``, ``installed``: what other commands need
- ``progress``, ``trace``, ``data_shown``, ``event_lines``, ``outcome``: what ``run`` shows and writes
- ``stopping``, ``problems``, ``carets``, ``named_commands``: how a command ends early

Start at ``validate`` or ``run``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

import click

from asltool._version import __version__
from asltool.cli.named_commands import ARGUMENTS, NamedCommands
from asltool.cli.problems import reason
from asltool.cli.stopping import Stopped, end_processes, stoppable
from asltool.cli.streams import drop, escape_what_is_lacking, open_closed_streams

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["main"]

GROUPS = {
    "Check": {
        "validate": "Check state machines: every problem, placed and explained.",
    },
    "Run": {
        "run": "Run a state machine here, against Python task handlers.",
        "test-state": "Run one state on its own, as the service's TestState does.",
        "replay": "Run a recorded execution on the current definition, and report what differs.",
    },
    "Draw": {
        "render": "Draw state machines, and the path a run took through them.",
    },
    "Test": {
        "test": "Run case files: tests of state machines as data.",
        "init": "Write handlers, cases and tests for a state machine, to start from.",
        "explore": "Find inputs and task outcomes that reach what no test reaches.",
    },
    "Serve": {
        "serve": "Serve the Step Functions API on this machine.",
        "executions": "List, show, export, import and remove kept executions.",
    },
    "Import from AWS": {
        "pull": "Download an execution that ran on AWS, as a test.",
        "diff": "Compare a state machine here with the one that is deployed.",
        "import": "Convert an AWS Glue workflow to a state machine.",
    },
    "Look things up": {
        "rules": "Print the manual page of a rule, or the list of all rules.",
        "schema": "Print the JSON Schema of definitions, for editors.",
        "eval": "Evaluate one expression on one input.",
        "schedule": "Show when a schedule expression fires.",
        "doctor": "Show what is installed, what each part is for, and what is broken.",
        "completion": "Print the script for shell completion.",
    },
}
"""The commands by what they are for, with their one-line help."""

COMMANDS = {name: text for commands in GROUPS.values() for name, text in commands.items()}


class _Commands(NamedCommands):
    """Lists every command by name, but imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_") + ("_" if iskeyword(cmd_name) else "")
        command: click.Command = getattr(import_module(f"asltool.cli.{name}"), name)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ARGUMENTS] = list(args)
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        open_closed_streams()
        try:
            return super().main(*args, **extra)
        except OSError as problem:
            # Commands report errors of their files themselves; any other is about the result.
            drop(sys.stdout)
            click.echo(f"asltool: standard output cannot be written: {reason(problem)}", err=True)
            sys.exit(3)

    def invoke(self, ctx: click.Context) -> Any:
        escape_what_is_lacking()
        with stoppable():
            try:
                return super().invoke(ctx)
            except KeyboardInterrupt as stopped:
                stop = stopped if isinstance(stopped, Stopped) else Stopped()
                end_processes()
                click.echo(f"asltool: {stop}", err=True)
                sys.exit(stop.status)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, COMMANDS))
        for group, commands in GROUPS.items():
            with formatter.section(group):
                formatter.write_dl([(name.ljust(widest), text) for name, text in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands without importing them."""
        from click.shell_completion import CompletionItem

        items = [CompletionItem(name, help=text) for name, text in COMMANDS.items()]
        begun = [item for item in items if item.value.startswith(incomplete)]
        return [*begun, *click.Command.shell_complete(self, ctx, incomplete)]


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """Check, run and draw AWS Step Functions state machines on your own machine.

    Every command ends with exit status 3 if its result cannot be written to standard output, and with 130 or
    143 if Ctrl-C or SIGTERM stopped it.
    """
