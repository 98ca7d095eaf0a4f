"""Options of distributed Maps: worker processes, and named executions that can be resumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

import asltool
from asltool.cli.option_values import with_value

if TYPE_CHECKING:
    from asltool.cli.task_options import TaskOptions
    from asltool.engine.map_run import MapRun

__all__ = ["MapOptions", "map_options"]

_F = TypeVar("_F", bound=Callable[..., None])

_STATE_DIR = ".asltool"

_OPTIONS = (
    click.option(
        "--processes",
        type=click.IntRange(min=0),
        default=0,
        metavar="N",
        help="Run child executions of distributed Maps in N processes, for CPU-bound task handlers.",
    ),
    click.option(
        "--dask",
        metavar="CLUSTER",
        help="Run child executions of distributed Maps on a Dask cluster: the address of its scheduler "
        "(tcp://HOST:8786), or local:N for N workers on this machine.",
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


@dataclass(frozen=True, slots=True)
class MapOptions:
    """The values of the options for distributed Maps and saved executions."""

    processes: int
    dask: str | None
    name: str | None
    state_dir: str | None
    resume: bool
    redrive: bool

    def check(self, tasks: TaskOptions) -> None:
        """Check that the options can be combined.

        Raises:
            click.UsageError: an option lacks the one it needs, or two exclude each other.
        """
        if self.resume and self.redrive:
            raise click.UsageError(
                "--resume continues an unfinished execution, --redrive a failed one: use only one"
            )
        needing = {"--resume": self.resume, "--redrive": self.redrive, "--state-dir": self.state_dir}
        for option, value in needing.items():
            if value and self.name is None:
                raise click.UsageError(f"{option} needs --name, the name of the execution")
        if self.processes and self.dask:
            raise click.UsageError("--processes and --dask exclude each other: use only one")
        if tasks.record and (self.processes or self.dask):
            other = "--processes" if self.processes else "--dask"
            raise click.UsageError(f"--record does not work with {other}. remove one of them")

    def map_runs(
        self, watch: Callable[[MapRun], None] | None, tasks: TaskOptions, *, limits: bool
    ) -> asltool.MapRuns:
        """Return the settings for map runs."""
        make = partial(tasks.for_workers(self.dask).of_worker, limits=limits)
        return asltool.MapRuns(watch, self.processes, make, self.dask)

    def checkpoints(self) -> asltool.Checkpoints | None:
        """Return where to save the execution; None if it has no name."""
        if self.name is None:
            return None
        return asltool.Checkpoints(self.state_dir or _STATE_DIR, self.resume, self.redrive)


def map_options(command: _F) -> _F:
    """Pass `MapOptions` to a command as ``maps``."""

    def take(given: dict[str, Any]) -> dict[str, Any]:
        return {"maps": MapOptions(**{each.name: given.pop(each.name) for each in fields(MapOptions)})}

    return with_value(command, _OPTIONS, take)
