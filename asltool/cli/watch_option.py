"""``--watch``: run a command again whenever a file that it may read is saved."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from asltool.cli.named_commands import ARGUMENTS
from asltool.cli.stopping import Stopped
from asltool.cli.watching import wait
from asltool.syntax.sources.chosen import split

__all__ = ["files_read", "rerun", "watch_option"]

_ENDINGS = (
    *(".json", ".yaml", ".yml", ".template", ".toml", ".tf", ".tfvars", ".tpl", ".asl", ".csv", ".jsonl"),
    *(".py", ".js", ".mjs", ".cjs", ".ts"),
)
_SKIPPED = ("node_modules", "__pycache__", "venv")

_Stamps = dict[str, tuple[int, int]]


def rerun(arguments: Sequence[str], run: Callable[[], object], pause: Callable[[], None] = wait) -> None:
    """Run once, and again after every change of a file in `files_read`, until ``pause`` or ``run`` raises.

    Changes made while ``run`` is running are attributed to it and ignored.
    """
    seen: _Stamps | None = None
    while True:
        stamps = _stamps(arguments)
        if stamps != seen:
            run()
            seen = _stamps(arguments)
        pause()


def files_read(arguments: Sequence[str]) -> Iterator[Path]:
    """Yield the files that a command may read: those beside a named file and those below a named folder.

    Without either, those below the current folder. Hidden folders and installed packages are left out.
    The first argument is the command.
    """
    named = [path for argument in arguments[1:] for path in _paths(argument)]
    folders = [path for path in named if path.is_dir()]
    for path in named:
        if path.is_file():
            yield path
            yield from (each for each in path.parent.iterdir() if each.suffix in _ENDINGS and each.is_file())
    for folder in folders if named else [Path()]:
        for place, inner, names in os.walk(folder):
            inner[:] = [each for each in inner if each[0] != "." and each not in _SKIPPED]
            yield from (Path(place, name) for name in names if name.endswith(_ENDINGS))


def _paths(argument: str) -> Iterator[Path]:
    """Yield the paths in an argument: ``FILE``, ``FILE#Name``, ``@FILE``, ``NAME=FILE:handler``."""
    if argument[:1] == "-" and "=" not in argument:
        return
    value = argument.rpartition("=")[2].removeprefix("@")
    for text in (argument, split(value)[0], value.rpartition(":")[0]):
        try:
            if text and os.path.lexists(text):
                yield Path(text)
                return
        except ValueError:  # not a valid file name, such as one with a null character
            return


def _stamps(arguments: Sequence[str]) -> _Stamps:
    found: _Stamps = {}
    for path in files_read(arguments):
        try:
            stat = path.stat()
        except FileNotFoundError:
            continue
        found[str(path)] = stat.st_mtime_ns, stat.st_size
    return found


def _watch(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    arguments = [each for each in ctx.meta[ARGUMENTS] if each != param.opts[0]]
    if "-" in arguments:
        raise click.UsageError("--watch cannot read standard input again: name a file")
    try:
        rerun(arguments, lambda: _run(arguments))
    except KeyboardInterrupt as stopped:
        if isinstance(stopped, Stopped) and stopped.number == signal.SIGTERM:
            raise
        click.echo(err=True)
    ctx.exit()


def _run(arguments: Sequence[str]) -> None:
    """Run in a separate process, so that Python files are imported again."""
    import subprocess

    click.clear()
    done = subprocess.run([sys.executable, "-m", "asltool", *arguments], check=False)
    click.echo(f"exit status {done.returncode}. waiting for changes; Ctrl-C ends", err=True)


def watch_option(command: Any) -> Any:
    """Add ``--watch`` to a command."""
    return click.option(
        "--watch",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_watch,
        help="Run again whenever a file is saved, until Ctrl-C.",
    )(command)
