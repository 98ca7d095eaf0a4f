"""Settings for the map runs of distributed Maps: an option of `Machine.run`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from asltool.errors import OptionError
from asltool.integrations.missing import complete

if TYPE_CHECKING:
    from asltool.driver.children import Surroundings
    from asltool.driver.jobs import Integration
    from asltool.driver.workers import ChildWorkers
    from asltool.engine.map_run import MapRun

__all__ = ["MapRuns", "child_workers", "remade"]


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


def child_workers(stack: ExitStack, map_runs: MapRuns, there: Surroundings, objects: object) -> ChildWorkers:
    """Return what runs child executions; ``stack`` closes it. ``objects`` is the object store of the run."""
    if map_runs.dask is None:
        from asltool.driver.processes import Processes

        return stack.enter_context(Processes(map_runs.processes, there))
    from asltool.integrations.dask.cluster import DaskCluster
    from asltool.integrations.result_parts import parts_on

    there = replace(there, journal=None, parts=parts_on(objects))
    return stack.enter_context(DaskCluster(map_runs.dask, there))


def remade(remake: Callable[[], Sequence[Integration]], more: Sequence[Integration]) -> Sequence[Integration]:
    """Return all integrations of a worker: those of ``remake``, and ``more``."""
    return complete([*remake(), *more])
