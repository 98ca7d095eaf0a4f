"""Files that a command writes in addition to its result: checked before the work starts, written after the
result."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from asltool.cli.problems import in_words
from asltool.driver.jobs import Integration
from asltool.errors import AslToolError, OptionError
from asltool.integrations.recording import Recorder

__all__ = ["check_writable", "check_writable_folder", "folder_option", "recorded", "written"]

_F = TypeVar("_F", bound=Callable[..., object])


def folder_option(text: str) -> Callable[[_F], _F]:
    """Return the option ``-o FOLDER`` of a command that writes several files, passed as ``folder``."""
    kind = click.Path(file_okay=False, path_type=Path)
    return click.option("-o", "--output", "folder", metavar="FOLDER", type=kind, help=text)


def check_writable(option: str, path: str | os.PathLike[str] | None) -> None:
    """Check, before any work is done, that a file can be written.

    Raises:
        OptionError: its folder does not exist, or it may not be written.
    """
    if path is None:
        return
    file = Path(path)
    if not file.parent.is_dir():
        raise OptionError(f'{option}: "{file}" cannot be written: folder "{file.parent}" does not exist')
    if file.is_dir():
        raise OptionError(f'{option}: "{file}" cannot be written: it is a folder')
    if not os.access(file if file.exists() else file.parent, os.W_OK):
        raise OptionError(f'{option}: "{file}" cannot be written: permission denied')


def check_writable_folder(option: str, path: str | os.PathLike[str] | None) -> None:
    """Check that a folder can be created and written to.

    Raises:
        OptionError: something on its path is not a folder, or may not be written to.
    """
    if path is None:
        return
    folder = next(place for place in (Path(path), *Path(path).absolute().parents) if place.exists())
    if not folder.is_dir():
        raise OptionError(f'{option}: "{path}" cannot be written: "{folder}" is not a folder')
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OptionError(f'{option}: "{path}" cannot be written: permission denied')


def recorded(command: str, doers: Sequence[Integration]) -> bool:
    """Report a recording that is incomplete; return whether it is complete."""
    recorder = next((each for each in doers if isinstance(each, Recorder)), None)
    return recorder is None or written(command, "--record", recorder.path, recorder.raise_problem)


def written(
    command: str, option: str, path: str | os.PathLike[str] | None, write: Callable[[], object]
) -> bool:
    """Write one file; on failure, report it and return False."""
    try:
        write()
    except (AslToolError, OSError) as problem:
        words = in_words(problem, str(path)) if isinstance(problem, OSError) else str(problem)
        click.echo(f"asltool {command}: {option} was not written: {words}", err=True)
        return False
    return True
