"""Runs executions, and keeps them: the only one that touches the driver.

What the methods change is durable once `Conductor.committed` has returned.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from asltool.service.start import Start
from asltool.store.port import ExecutionRow

__all__ = ["ActivityTask", "Conductor"]


class ActivityTask(NamedTuple):
    """A task that a worker takes: its token, and its input as JSON text."""

    token: str
    input: str


class Conductor:
    """Timestamps are seconds since the epoch; rows are `asltool.store.port.ExecutionRow`."""

    async def committed(self) -> None:
        """Return once everything is durable that has changed so far.

        Raises:
            StoreError: it cannot be made durable.
        """
        raise NotImplementedError

    # Executions.

    def start(self, start: Start) -> ExecutionRow:
        """Begin an execution. Whether its name may be used is for the caller to check.

        An EXPRESS execution is kept until it ends; one that StartSyncExecution starts is not kept at all.
        """
        raise NotImplementedError

    async def ended(self, arn: str) -> ExecutionRow:
        """Return the row of an execution once it has ended."""
        raise NotImplementedError

    def describe(self, arn: str) -> ExecutionRow | None:
        """Return the row of an execution as it is now; None if there is none."""
        raise NotImplementedError

    def history(self, arn: str) -> list[dict[str, Any]]:
        """Return the events of an execution as GetExecutionHistory does; timestamps are ISO 8601 strings.

        Raises:
            KeyError: there is no such execution.
        """
        raise NotImplementedError

    def stop(self, arn: str, error: str | None, cause: str | None) -> float:
        """Abort an execution; return when it stopped. One that has ended stays as it is."""
        raise NotImplementedError

    def redrive(self, arn: str) -> float:
        """Run an execution again from the state it ended in; return when.

        Raises:
            NotRedrivable: it cannot be redriven, with the reason.
        """
        raise NotImplementedError

    # Task tokens.

    def succeed(self, token: str, output: Any) -> None:
        """End the task that waits for this token, with JSON.

        Raises:
            InvalidToken: no task has had this token.
            TaskTimedOut: its task has ended.
        """
        raise NotImplementedError

    def fail(self, token: str, error: str | None, cause: str | None) -> None:
        """Fail the task that waits for this token; raises what `succeed` does."""
        raise NotImplementedError

    def heartbeat(self, token: str) -> None:
        """Let the HeartbeatSeconds of this token's task begin anew; raises what `succeed` does."""
        raise NotImplementedError

    # Activities.

    async def poll(self, activity: str, worker: str | None, seconds: float = 60.0) -> ActivityTask | None:
        """Return the next task of this activity, an ARN; None if there is none for so many real seconds."""
        raise NotImplementedError

    # Map runs.

    def map_run(self, arn: str) -> dict[str, Any] | None:
        """Return a map run as DescribeMapRun shows it, with timestamps as numbers; None if there is none."""
        raise NotImplementedError

    def map_runs(self, execution: str) -> list[dict[str, Any]]:
        """Return the map runs of an execution, the newest first."""
        raise NotImplementedError

    def update_map_run(
        self,
        arn: str,
        *,
        max_concurrency: int | None = None,
        tolerated_failure_count: int | None = None,
        tolerated_failure_percentage: float | None = None,
    ) -> None:
        """Change a map run that is running."""
        raise NotImplementedError

    # The process.

    async def recover(self) -> None:
        """Go on with every execution that had not ended when the process before this one did."""
        raise NotImplementedError

    async def shutdown(self) -> None:
        """Finish the steps under way, and leave the rest to the next process."""
        raise NotImplementedError
