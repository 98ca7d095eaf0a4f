"""Settings for the map runs of distributed Maps: an option of `Machine.run`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asltool.errors import OptionError

if TYPE_CHECKING:
    from asltool.driver.jobs import Integration
    from asltool.engine.map_run import MapRun

__all__ = ["MapRuns"]


@dataclass(frozen=True, slots=True)
class MapRuns:
    """Settings for the map runs of distributed Maps.

    Args:
        watch: called with a map run (`asltool.engine.map_run.MapRun`) as it progresses.
        processes: the number of worker processes for child executions; 0 runs them in this process.
        integrations: with ``processes`` or ``dask``, a picklable callable that returns a worker's
            integrations; it is called in the worker.
        dask: the Dask cluster that runs child executions: the address of its scheduler, ``local:N`` for N
            workers on this machine, or a ``distributed.Client``.

    Raises:
        OptionError: ``processes`` or ``dask`` without ``integrations``, or both of them.
    """

    watch: Callable[[MapRun], None] | None = None
    processes: int = 0
    integrations: Callable[[], Sequence[Integration]] | None = None
    dask: Any = None

    def __post_init__(self) -> None:
        if self.processes and self.dask is not None:
            raise OptionError("processes and dask exclude each other: use only one")
        if self.is_elsewhere and self.integrations is None:
            raise OptionError(
                f"{'processes' if self.processes else 'dask'} needs integrations, "
                "a picklable callable that returns each worker's integrations"
            )

    @property
    def is_elsewhere(self) -> bool:
        """Whether other processes run child executions."""
        return bool(self.processes) or self.dask is not None
