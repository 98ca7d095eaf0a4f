"""How the map runs of distributed Maps are carried out: an option of `Machine.run`."""

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
    """How the map runs of distributed Maps are carried out.

    Args:
        watch: called with a map run, see `asltool.engine.map_run.MapRun`, as it gets on.
        processes: run child executions in so many worker processes; 0 runs them in this one.
        integrations: with ``processes``: returns the integrations of a worker, and is called there. It must
            be possible to pickle it.

    Raises:
        OptionError: ``processes`` without ``integrations``.
    """

    watch: Callable[[MapRun], None] | None = None
    processes: int = 0
    integrations: Callable[[], Sequence[Integration]] | None = None

    def __post_init__(self) -> None:
        if self.processes and self.integrations is None:
            raise OptionError(
                "processes needs integrations, a picklable callable that returns those of each worker"
            )
