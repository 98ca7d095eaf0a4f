"""The options of ``asltool serve``: address, storage and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, TypeVar

import click

from asltool.cli.moments import duration
from asltool.cli.option_values import with_value
from asltool.driver.workers import MAX_WORKERS

__all__ = ["GROUPS", "ServeOptions", "serve_options"]

_F = TypeVar("_F", bound=Callable[..., None])

_DATA = ".asltool/server"

_OPTIONS = (
    click.option(
        "--port",
        metavar="PORT",
        type=click.IntRange(0, 65535),
        default=8083,
        show_default=True,
        help="The port; 0 selects a free one.",
    ),
    click.option(
        "--host",
        metavar="ADDRESS",
        default="127.0.0.1",
        show_default=True,
        help="The address to listen on.",
    ),
    click.option(
        "--data",
        metavar="FOLDER",
        type=click.Path(file_okay=False, path_type=Path),
        help=f"Where machines and executions are kept.  [default: {_DATA}]",
    ),
    click.option(
        "--memory", is_flag=True, help="Keep everything in memory: nothing remains when the server stops."
    ),
    click.option(
        "--sync",
        type=click.Choice(["normal", "full"]),
        default="normal",
        show_default=True,
        help="Stored data survives kill -9 (normal), or power cuts as well (full).",
    ),
    click.option(
        "--keep",
        type=duration,
        default="90d",
        show_default=True,
        metavar="DURATION",
        help="How long executions are kept once they have ended: 90d, 12h.",
    ),
    click.option(
        "--time",
        type=click.Choice(["real", "skip"]),
        default="real",
        show_default=True,
        help="Wait in real time, or skip waits and retry delays.",
    ),
    click.option(
        "--account",
        metavar="ID",
        default="123456789012",
        show_default=True,
        help="The account ID, unless a request's access key is itself an account ID.",
    ),
    click.option(
        "--watch-s3",
        is_flag=True,
        help="With --s3: written, replaced or removed files become S3 events, which rules can match.",
    ),
    click.option(
        "--max-workers",
        metavar="N",
        type=click.IntRange(min=1),
        default=MAX_WORKERS,
        show_default=True,
        help="How many blocking handlers may run at the same time.",
    ),
    click.option(
        "--processes",
        metavar="N",
        type=click.IntRange(min=0),
        default=0,
        help="Run EXPRESS child executions of distributed Maps in N processes, for CPU-bound task handlers.",
    ),
    click.option(
        "--dask",
        metavar="CLUSTER",
        help="Run EXPRESS child executions of distributed Maps on a Dask cluster: the address of its "
        "scheduler (tcp://HOST:8786), or local:N for N workers on this machine.",
    ),
    click.option(
        "--allow-host",
        "allow_hosts",
        metavar="NAME",
        multiple=True,
        help="Answer requests that call the server by this name too. Can be repeated.",
    ),
    click.option(
        "--reload",
        is_flag=True,
        help="Read definitions and task handlers again when their files change.",
    ),
    click.option(
        "--log",
        type=click.Choice(["text", "debug", "json", "none"]),
        default="text",
        show_default=True,
        help="What is written to standard error: how executions start and end (text), requests too (debug), "
        "or every event as a JSON object a line (json).",
    ),
    click.option(
        "--logs",
        metavar="FOLDER",
        type=click.Path(file_okay=False, path_type=Path),
        help="Write the logs that loggingConfiguration asks for, a file for each log group.",
    ),
    click.option("--allow-remote", is_flag=True, help="Allow a --host that other machines can reach."),
    click.option("--allow-reset", is_flag=True, help="Let POST /_asltool/reset remove everything."),
)


GROUPS = {
    "State machines": ("express", "account", "region", "reload"),
    "Task handlers": (
        *("tasks", "lambdas", "sam", "lambda_endpoint", "http", "connections", "mock_config"),
        *("aws", "endpoint_url", "profile", "s3", "watch_s3", "max_workers", "processes", "dask"),
    ),
    "Data": ("data", "memory", "sync", "keep"),
    "Time": ("time",),
    "Logs": ("log", "logs"),
    "Access": ("port", "host", "allow_hosts", "allow_remote", "allow_reset"),
}
"""The options of the command in its help, by title."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The values of the server's options."""

    port: int
    host: str
    data: Path | None
    memory: bool
    sync: Literal["normal", "full"]
    keep: float
    time: Literal["real", "skip"]
    account: str
    watch_s3: bool
    max_workers: int
    processes: int
    dask: str | None
    reload: bool
    log: Literal["text", "debug", "json", "none"]
    logs: Path | None
    allow_hosts: tuple[str, ...]
    allow_remote: bool
    allow_reset: bool

    def check(self) -> None:
        """Check that the options can be combined.

        Raises:
            click.UsageError: two options exclude each other, or the account is invalid.
        """
        if self.memory and self.data is not None:
            raise click.UsageError("--memory and --data exclude each other: use only one")
        if self.processes and self.dask:
            raise click.UsageError("--processes and --dask exclude each other: use only one")
        if not (len(self.account) == 12 and self.account.isascii() and self.account.isdigit()):
            raise click.UsageError(f'--account "{self.account}" is not an account: expected twelve digits')

    @property
    def folder(self) -> Path | None:
        """The server's data folder; None keeps everything in memory."""
        return None if self.memory else self.data or Path(_DATA)


def serve_options(command: _F) -> _F:
    """Pass `ServeOptions` to a command as ``given``."""

    def take(given: dict[str, Any]) -> dict[str, Any]:
        return {"given": ServeOptions(**{each.name: given.pop(each.name) for each in fields(ServeOptions)})}

    return with_value(command, _OPTIONS, take)
