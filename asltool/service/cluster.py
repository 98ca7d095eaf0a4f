"""The Dask cluster of a service: its workers run children of map runs."""

from __future__ import annotations

from asltool.integrations.dask.cluster import DaskCluster
from asltool.service.elsewhere import WorkerOptions, surroundings
from asltool.service.time import ServiceClock

__all__ = ["ChildCluster"]


class ChildCluster(DaskCluster):
    """The cluster of a service, which all its executions share. The server has the journals."""

    def __init__(self, elsewhere: WorkerOptions, clock: ServiceClock) -> None:
        self._elsewhere, self._clock = elsewhere, clock
        super().__init__(elsewhere.dask, surroundings(elsewhere, clock))

    def renew(self) -> None:
        """Let workers use handlers and a clock as they are now, in chunks that start from now on."""
        self.replace(surroundings(self._elsewhere, self._clock))
