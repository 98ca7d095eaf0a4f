"""Options of distributed Maps: S3, worker processes, and named executions that can be resumed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import click

import asltool
from asltool.errors import MissingExtra

if TYPE_CHECKING:
    from asltool.integrations.objects import Objects

__all__ = ["map_options", "map_settings"]

_F = TypeVar("_F", bound=Callable[..., None])

_STATE_DIR = ".asltool"

_OPTIONS = (
    click.option(
        "--s3",
        metavar="FOLDER",
        type=click.Path(exists=True, file_okay=False),
        help="Use this folder in place of S3, with a subfolder for each bucket. By default, --aws uses S3.",
    ),
    click.option(
        "--processes",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Run child executions of distributed Maps in N processes, for CPU-bound task handlers.",
    ),
    click.option("--name", help="The execution's name. Named executions are saved so they can be resumed."),
    click.option(
        "--state-dir",
        metavar="FOLDER",
        type=click.Path(file_okay=False),
        help=f"Where named executions are saved.  [default: {_STATE_DIR}]",
    ),
    click.option("--resume", is_flag=True, help="Resume the execution of this name, if it has not finished."),
    click.option(
        "--redrive",
        is_flag=True,
        help="Redrive the failed execution of this name: run again only what did not succeed.",
    ),
)


def map_options(command: _F) -> _F:
    """Add the options that `map_settings` takes to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def map_settings(options: dict[str, Any]) -> dict[str, Any]:
    """Take these options out of a command's, and return them as `Machine.run` wants them.

    Raises:
        click.UsageError: an option without the one that it goes with, or two that exclude each other.
    """
    names = ("s3", "processes", "name", "state_dir", "resume", "redrive")
    settings = {name: options.pop(name) for name in names}
    if settings["resume"] and settings["redrive"]:
        raise click.UsageError(
            "--resume continues an unfinished execution, --redrive a failed one: use one of them"
        )
    for option in ("resume", "redrive", "state_dir"):
        if settings[option] and settings["name"] is None:
            raise click.UsageError(f"--{option.replace('_', '-')} needs --name, the name of the execution")
    if settings["processes"] and options.get("record"):
        raise click.UsageError("--record cannot follow tasks into other processes: leave --processes out")
    if settings["s3"] is None and options.get("aws"):
        with suppress(MissingExtra):  # What reaches AWS says so, with the task that needs it.
            settings["s3"] = _s3(options)
    if settings["name"] is not None and settings["state_dir"] is None:
        settings["state_dir"] = _STATE_DIR
    return settings


def _s3(options: dict[str, Any]) -> Objects:
    """Return S3 as ``--aws`` reaches it.

    Raises:
        MissingExtra: boto3 is not installed.
    """
    from asltool.integrations.objects.boto import S3

    how = {name: options[name] for name in ("endpoint_url", "region", "profile")}
    return S3(asltool.Aws(**how).client("s3"))
