"""A map run as a value: how many children there are and how they fare, and whether too many have failed.

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

_MOST_AT_A_TIME = 10_000
"""How many children run at the same time, whatever MaxConcurrency says."""

MOST_FAILED_KEPT = 1_000
"""Of how many children that have failed a map run keeps everything."""


_MOST_AT_A_TIME = 10_000
"""How many children run at the same time, whatever MaxConcurrency says."""


@dataclass(slots=True)
class Counts:
    """How many there are of items, or of executions, by how they fare; the names are the service's."""

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
        """Note that so many begin to run, and that they exist if nobody knew."""
        self.running += many
        if self.pending >= many:
            self.pending -= many
        else:
            self.total += many - self.pending
            self.pending = 0

    def end(self, status: str, many: int) -> None:
        """Note that so many have ended."""
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
        """As DescribeMapRun shows them. All that has failed can be redriven here."""
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
    """One map run, of the Map ``state`` of an execution. Moments are seconds since the epoch.

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
        """Set how many children run at the same time; 0: as many as can."""
        self.max_concurrency = most
        self.limit = min(most or _MOST_AT_A_TIME, _MOST_AT_A_TIME)

    def expect(self, items: int, executions: int) -> None:
        """Note how many there will be."""
        self.items.pending = self.items.total = items
        self.executions.pending = self.executions.total = executions

    def begin(self, items: int) -> None:
        """Note that a child begins, with so many items."""
        self.items.begin(items)
        self.executions.begin(1)

    def end(self, status: str, items: int, child: Execution | None = None) -> None:
        """Note that a child has ended; ``child`` is kept if it did not succeed."""
        self.items.end(status, items)
        self.executions.end(status, 1)
        if status != "SUCCEEDED" and child is not None and len(self.failed) < MOST_FAILED_KEPT:
            self.failed.append(child)

    def exceeded(self, *, all_known: bool) -> bool:
        """Return whether more items have failed than are tolerated.

        ``all_known``: whether all items have been read; before, nobody knows what a percentage is of.
        """
        failed = self.items.failed + self.items.timed_out
        most, percentage = self.tolerated_failure_count, self.tolerated_failure_percentage
        if most is None and percentage is None:
            return failed > 0
        if most is not None and failed > most:
            return True
        return percentage is not None and all_known and failed * 100 > percentage * self.items.total

    def stop(self, status: MapRunStatus, now: float) -> None:
        """End it. What has its results in their place is told of as written."""
        self.status, self.stopped_at = status, now
        if status == "SUCCEEDED":
            for counts in (self.items, self.executions):
                counts.results_written = counts.total

    @property
    def record(self) -> dict[str, Any]:
        """As DescribeMapRun tells of it; moments are ISO 8601 texts."""
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
    """Return error and cause of a map run that has `MapRun.exceeded` what is tolerated."""
    return "States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded"
