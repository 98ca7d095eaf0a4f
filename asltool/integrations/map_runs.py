"""Settings for the map runs of distributed Maps: an option of `Machine.run`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
        integrations: with ``processes``, a picklable callable that returns a worker's integrations; it is
        called in the worker.

    Raises:
        OptionError: ``processes`` without ``integrations``.
    """

    watch: Callable[[MapRun], None] | None = None
    processes: int = 0
    integrations: Callable[[], Sequence[Integration]] | None = None

    def __post_init__(self) -> None:
        if self.processes and self.integrations is None:
            raise OptionError(
                "processes needs integrations, a picklable callable that returns each worker's integrations"
            )
