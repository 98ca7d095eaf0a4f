"""The map runs of executions, as the API shows them.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from asltool.driver.map_outside import Maps
from asltool.engine.map_io import MapJournal, MapPort
from asltool.engine.map_run import MapRun
from asltool.integrations.journal import Journals
from asltool.service.children import StoredChildren
from asltool.service.elsewhere import ChildProcesses, WorkerOptions
from asltool.service.mock_cases import TEST_CASE
from asltool.service.time import ServiceClock, date
from asltool.store.execution_log import ExecutionLog, Followed
from asltool.store.port import MAP_RUN, Store

if TYPE_CHECKING:
    from asltool.service.cluster import ChildCluster

__all__ = ["MapRunTracker"]

_CHANGES = "map run changes"
"""The record type for changes by UpdateMapRun, which are applied again after a crash."""


class MapRunTracker:
    """Tracks the running map runs, and stores the results of those that have ended.

    Journals are in the store's folder or, for a store in memory, in a temporary folder.
    """

    def __init__(
        self,
        store: Store,
        log: ExecutionLog,
        storage: MapPort,
        asleep: set[str],
        elsewhere: WorkerOptions | None,
        clock: ServiceClock,
    ) -> None:
        self._store = store
        self._log = log
        self._storage = storage
        self._asleep = asleep
        self._live: dict[str, MapRun] = {}
        self._recalled: dict[str, StoredChildren] = {}
        self._changes = {each.key: each.body for each in store.listed(_CHANGES)}
        self._temporary: TemporaryDirectory[str] | None = None

        self.processes = None if elsewhere is None else self._started(elsewhere, clock)

    def _started(self, elsewhere: WorkerOptions, clock: ServiceClock) -> ChildProcesses | ChildCluster:
        if elsewhere.dask is None:
            return ChildProcesses(elsewhere, self._journals(), clock)
        from asltool.service.cluster import ChildCluster

        return ChildCluster(elsewhere, clock)

    def maps(self, root: Followed, on_child: Callable[[Followed], None], *, again: bool) -> Maps:
        """Return the map run settings of an execution; ``again``: it has started before."""
        children = StoredChildren(self, self._store, self._log, root, on_child)
        if again:
            self._recalled[root.row.arn] = children
            self._asleep |= children.recall()
        register = children if root.kept else None
        journal = children.journal if root.kept else None
        elsewhere = self.processes if root.kept and TEST_CASE not in root.row.settings else None
        return Maps(self._storage, journal=journal, watch=self._watch, elsewhere=elsewhere, register=register)

    def describe(self, arn: str) -> dict[str, Any] | None:
        """Return a map run as DescribeMapRun shows it, with timestamps as numbers; None if there is none."""
        live = self._live.get(arn)
        return self._store.get(MAP_RUN, arn) if live is None else _shown(live)

    def of(self, execution: str) -> list[dict[str, Any]]:
        """Return the map runs of an execution, the newest first."""
        kept = self._store.listed(MAP_RUN, execution, newest_first=True)
        return [self.describe(each.key) or each.body for each in kept]

    def update(self, arn: str, changes: Mapping[str, Any]) -> None:
        """Change a map run; the names of the changes are those of DescribeMapRun."""
        self._changes[arn] = {**self._changes.get(arn, {}), **changes}
        self._store.put(_CHANGES, arn, self._changes[arn])
        if arn in self._live:
            _change(self._live[arn], changes)

    def ended(self, execution: str, now: float) -> None:
        """End the children that an execution did not continue, after its own end."""
        recalled = self._recalled.pop(execution, None)
        if recalled is not None:
            self._asleep -= recalled.end_asleep(now)

    # Called for children.

    def to_go_on(self, execution: str, asked: Container[str] | None) -> list[str]:
        """Return the ARNs of an execution's map runs that have not succeeded, or not stored that yet.

        ``asked`` are those that it waits for; None if this is not known.
        """
        kept = self._store.listed(MAP_RUN, execution)
        return [
            each.key
            for each in kept
            if each.body["status"] != "SUCCEEDED" or asked is None or each.key in asked
        ]

    def began(self, run: MapRun) -> None:
        """Record that a map run starts or continues, in any thread."""
        _change(run, self._changes.get(run.arn, {}))
        self._live[run.arn] = run
        self._log.later(partial(self._put, run))

    def journal(self, arn: str, *, inputs: bool) -> MapJournal:
        """Open the journal of a map run of EXPRESS children."""
        return self._journals()(arn, inputs)

    def _journals(self) -> Journals:
        folder = self._store.folder
        if folder is None and self._temporary is None:
            self._temporary = TemporaryDirectory(prefix="asltool-")
        return Journals(Path(self._temporary.name if self._temporary is not None else f"{folder}/maps"))

    def close(self) -> None:
        """End the processes, and remove temporary data."""
        if self.processes is not None:
            self.processes.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _watch(self, run: MapRun) -> None:
        """Record the end of a map run, in any thread."""
        if run.status != "RUNNING" and self._live.pop(run.arn, None) is not None:
            self._log.later(partial(self._put, run))
            if self._changes.pop(run.arn, None) is not None:
                self._log.later(partial(self._store.remove, _CHANGES, run.arn))

    def _put(self, run: MapRun) -> None:
        self._store.put(MAP_RUN, run.arn, _shown(run), run.execution_arn, run.started_at)


def _change(run: MapRun, changes: Mapping[str, Any]) -> None:
    run.set_concurrency(changes.get("maxConcurrency", run.max_concurrency))
    run.tolerated_failure_count = changes.get("toleratedFailureCount", run.tolerated_failure_count)
    percentage = changes.get("toleratedFailurePercentage", run.tolerated_failure_percentage)
    run.tolerated_failure_percentage = percentage


def _shown(run: MapRun) -> dict[str, Any]:
    return {
        **run.record,
        "stateMachineArn": run.arn.rpartition(":")[0].replace(":mapRun:", ":stateMachine:"),
        "startDate": date(run.started_at),
        "stopDate": date(run.stopped_at),
        "redriveDate": date(run.redriven_at),
    }
