"""A map run as a value: the counts of its children by status, and whether too many have failed.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeMapRun.html and
https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html#maprun-fail-threshold
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from asltool.engine.execution import Execution
from asltool.engine.map_plan import MapPlan
from asltool.history.timestamps import iso_time

__all__ = ["MOST_FAILED_KEPT", "Counts", "MapRun", "MapRunStatus", "too_many_failed"]

MapRunStatus = Literal["RUNNING", "SUCCEEDED", "FAILED", "ABORTED"]

MOST_FAILED_KEPT = 1_000
"""The number of failed children that a map run keeps completely."""


_MOST_AT_A_TIME = 10_000
"""How many children run at the same time, whatever MaxConcurrency says."""


@dataclass(slots=True)
class Counts:
    """The numbers of items or executions by status; the names are the service's."""

    pending: int = 0
    running: int = 0
    succeeded: int = 0
    failed: int = 0
    timed_out: int = 0
    aborted: int = 0
    total: int = 0
    results_written: int = 0
    pending_redrive: int = 0

    def begin(self, many: int) -> None:
        """Count this many as running, and as existing unless they were already counted."""
        self.running += many
        if self.pending >= many:
            self.pending -= many
        else:
            self.total += many - self.pending
            self.pending = 0

    def end(self, status: str, many: int) -> None:
        """Count this many as ended."""
        self.running -= many
        match status:
            case "SUCCEEDED":
                self.succeeded += many
            case "FAILED":
                self.failed += many
            case "TIMED_OUT":
                self.timed_out += many
            case _:
                self.aborted += many

    @property
    def record(self) -> dict[str, int]:
        """As DescribeMapRun shows them. Here, every failed one can be redriven."""
        return {
            "pending": self.pending,
            "running": self.running,
            "succeeded": self.succeeded,
            "failed": self.failed,
            "timedOut": self.timed_out,
            "aborted": self.aborted,
            "total": self.total,
            "resultsWritten": self.results_written,
            "failuresNotRedrivable": 0,
            "pendingRedrive": self.pending_redrive,
        }


class MapRun:
    """One map run, of the Map ``state`` of an execution. Timestamps are in seconds since the epoch.

    ``items`` and ``executions`` count; with an ItemBatcher they differ. ``failed`` holds the executions of
    the first 1,000 children that did not succeed, with their history.
    """

    def __init__(self, plan: MapPlan, state: str, execution_arn: str) -> None:
        self.arn = plan.arn
        self.state = state
        self.execution_arn = execution_arn
        self.tolerated_failure_count = plan.tolerated_failure_count
        self.tolerated_failure_percentage = plan.tolerated_failure_percentage
        self.set_concurrency(plan.max_concurrency)
        self.redrive_count = plan.redrive_count
        self.status: MapRunStatus = "RUNNING"
        self.started_at = plan.started_at
        self.redriven_at = plan.redriven_at
        self.stopped_at: float | None = None
        self.items = Counts()
        self.executions = Counts()
        self.failed: list[Execution] = []

    def __repr__(self) -> str:
        return f"<MapRun {self.status} {self.executions.succeeded} of {self.executions.total} succeeded>"

    def set_concurrency(self, most: int) -> None:
        """Set how many children run at the same time; 0 for no limit."""
        self.max_concurrency = most
        self.limit = min(most or _MOST_AT_A_TIME, _MOST_AT_A_TIME)

    def expect(self, items: int, executions: int) -> None:
        """Set the total."""
        self.items.pending = self.items.total = items
        self.executions.pending = self.executions.total = executions

    def begin(self, items: int) -> None:
        """Count a child with this many items as started."""
        self.items.begin(items)
        self.executions.begin(1)

    def end(self, status: str, items: int, child: Execution | None = None) -> None:
        """Count a child as ended; ``child`` is kept if it did not succeed."""
        self.items.end(status, items)
        self.executions.end(status, 1)
        if status != "SUCCEEDED" and child is not None and len(self.failed) < MOST_FAILED_KEPT:
            self.failed.append(child)

    def exceeded(self, *, all_known: bool) -> bool:
        """Return whether more items have failed than are tolerated.

        ``all_known``: whether all items have been read; before that, a percentage cannot be computed.
        """
        left = self.tolerated(all_known=all_known)
        return left is not None and left < 0

    def tolerated(self, *, all_known: bool) -> int | None:
        """Return how many more items may fail, negative if too many have; None if that is not known."""
        most, percentage = self.tolerated_failure_count, self.tolerated_failure_percentage
        if percentage is not None and all_known:
            of_all = int(percentage * self.items.total // 100)
            most = of_all if most is None else min(most, of_all)
        if most is None and percentage is not None:
            return None
        return (most or 0) - self.items.failed - self.items.timed_out

    def stop(self, status: MapRunStatus, now: float) -> None:
        """End it. If its results have been stored, they count as written."""
        self.status, self.stopped_at = status, now
        if status == "SUCCEEDED":
            for counts in (self.items, self.executions):
                counts.results_written = counts.total

    @property
    def record(self) -> dict[str, Any]:
        """As DescribeMapRun returns it; timestamps are ISO 8601 strings."""
        moments = {"startDate": self.started_at, "stopDate": self.stopped_at, "redriveDate": self.redriven_at}
        return {
            "mapRunArn": self.arn,
            "executionArn": self.execution_arn,
            "status": self.status,
            **{name: iso_time(moment) for name, moment in moments.items() if moment is not None},
            "maxConcurrency": self.max_concurrency,
            "toleratedFailurePercentage": self.tolerated_failure_percentage or 0.0,
            "toleratedFailureCount": self.tolerated_failure_count or 0,
            "itemCounts": self.items.record,
            "executionCounts": self.executions.record,
            "redriveCount": self.redrive_count,
        }


def too_many_failed() -> tuple[str, str]:
    """Return error and cause of a map run that has `MapRun.exceeded` the tolerated failures."""
    return "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded"
