"""Messages for failed map runs: the first children that did not succeed."""

from __future__ import annotations

from asltool.engine.execution import Execution
from asltool.engine.map_run import MapRun
from asltool.expr.values import dumps
from asltool.history.event_types import type_of
from asltool.syntax.causes import first_line
from asltool.syntax.wording import quoted

__all__ = ["child_failures"]

_MOST = 3
_LONGEST = 80


def child_failures(run: MapRun) -> list[str]:
    """Return the number of unsuccessful child executions, the first of them, and how to see the others.

    Empty if none failed. Children that were aborted because others failed are not counted.
    """
    failed = [child for child in run.failed if child.status in ("FAILED", "TIMED_OUT")]
    counts = run.executions
    many = counts.failed + counts.timed_out
    if not failed:
        return []
    lines = [f"{many:,} of {counts.total:,} child executions of Map state {quoted(run.state)} failed:"]
    lines += (f"  {_described(child)}" for child in failed[:_MOST])
    if many > _MOST:
        lines.append(
            f"  … and {many - _MOST:,} more. to see all, add a ResultWriter to the Map (FAILED_0.json), "
            "or read run.map_runs in Python"
        )
    return lines


def _described(child: Execution) -> str:
    """Return the input of a child, the state that it failed in, error and cause."""
    error = child.error or ("timed out" if child.status == "TIMED_OUT" else "failed")
    cause = f": {first_line(child.cause)}" if child.cause else ""
    value = dumps(child.input)
    value = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    return f"input {value}, state {quoted(_last_state(child))}: {error}{cause}"


def _last_state(child: Execution) -> str:
    """Return the state that the last event follows from."""
    records = list(child.records)
    number = len(records)
    while number:
        kind, number, _, payload = records[number - 1]
        row = type_of(kind)
        if row.phase == "entered" or row.subject == "evaluation":
            return str(payload[0])
    return child.program.machine.start.name
