"""Executions as rows of the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from asltool.store.port import ExecutionRow, Step

__all__ = ["LISTED", "WHOLE", "NewExecution", "execution_of"]

LISTED = (
    "number, arn, machine, definition, started, version, alias, map_run, status, stopped, error, "
    "redrives, redriven, blocked, settings, cause"
)
"""The columns that listings read."""

WHOLE = f"{LISTED}, input, output"


class NewExecution:
    """An execution that is not in the database yet; ``log`` is set once it has ended."""

    __slots__ = ("log", "row", "steps")

    def __init__(self, row: ExecutionRow) -> None:
        self.row = row
        self.steps: list[Step] = []
        self.log: bytes | None = None

    def values(self, number: int) -> tuple[Any, ...]:
        """Return the values of its row, in the order of `WHOLE`, and its log."""
        row = self.row
        return (
            *(number, row.arn, row.machine, row.definition, row.started, row.version, row.alias, row.map_run),
            *(row.status, row.stopped, row.error, row.redrives, row.redriven, row.blocked),
            *(json.dumps(row.settings), row.cause, row.input, row.output, self.log),
        )


def execution_of(values: Sequence[Any]) -> ExecutionRow:
    """Return the row with these values, in the order of `WHOLE`."""
    number, arn, machine, definition, started, version, alias, map_run, status, stopped, *rest = values
    error, redrives, redriven, blocked, settings, cause, given, output = rest
    return ExecutionRow(
        number=number,
        arn=arn,
        machine=machine,
        definition=definition,
        started=started,
        input=given,
        settings=json.loads(settings),
        version=version,
        alias=alias,
        map_run=map_run,
        status=status,
        stopped=stopped,
        output=output,
        error=error,
        cause=cause,
        redrives=redrives,
        redriven=redriven,
        blocked=blocked,
    )
