"""Executions as rows of the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from asltool.expr.encodings import ESCAPED
from asltool.store.encoding import encode
from asltool.store.port import MAP_RUN, ExecutionRow, LoggedStep

__all__ = [
    "ENDING",
    "LISTED",
    "PRUNED",
    "UNUSED_DEFINITIONS",
    "WHOLE",
    "NewExecution",
    "row_of",
    "storable",
    "where",
]

LISTED = (
    "number, arn, machine, definition, started, version, alias, map_run, status, stopped, error, "
    "redrives, redriven, blocked, settings, cause"
)
"""The columns that listings read."""

ENDING = ("status", "stopped", "output", "error", "cause", "log")
"""The columns that the end of an execution changes."""

WHOLE = f"{LISTED}, input, output"

_OLD = "coalesce(stopped < :before AND status != 'RUNNING', 0)"

PRUNED = f"""{_OLD} AND (
    map_run IS NULL OR map_run NOT IN (
        SELECT key FROM documents JOIN executions ON arn = owner WHERE kind = '{MAP_RUN}' AND NOT {_OLD}
    )
)"""
"""The condition of rows that are removed: what ended before, but no child that its map run may need."""

UNUSED_DEFINITIONS = """DELETE FROM definitions WHERE hash NOT IN (
    SELECT definition FROM executions
    UNION SELECT value FROM executions, json_each(settings) WHERE type = 'text'
    UNION SELECT value FROM documents, json_each(body) WHERE type = 'text'
)"""
"""Removes the definitions that no execution uses, and no member of its settings or of a document names."""

_SEARCHED = " || char(10) || ".join(
    f"coalesce({column}, '')" for column in ("arn", "input", "output", "error", "cause", "blocked")
)

_CONDITIONS = {
    "text": f"instr(lower({_SEARCHED}), lower(?))",
    "after": "number < ?",
    "redriven": "(redrives > 0) = ?",
    "roots": "(map_run IS NULL) = ?",
    "since": "started >= ?",
    "until": "started < ?",
}
"""Conditions on rows, beside those that a column has a value."""


def where(**filters: str | float | None) -> tuple[str, list[Any]]:
    """Return the SQL condition for these filters, and its values; None means no restriction."""
    wanted = {name: value for name, value in filters.items() if value is not None}
    conditions = ["1", *(_CONDITIONS.get(name, f"{name} = ?") for name in wanted)]
    return f"WHERE {' AND '.join(conditions)}", list(wanted.values())


def storable(value: Any) -> Any:
    """Return a value with its unpaired surrogates as JSON escapes, since SQLite does not accept them."""
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-8", ESCAPED).decode("utf-8")


class NewExecution:
    """An execution that is not in the database yet; ``log`` is set once it has ended."""

    __slots__ = ("log", "row", "steps")

    def __init__(self, row: ExecutionRow) -> None:
        self.row = row
        self.steps: list[LoggedStep] = []
        self.log: bytes | None = None

    def values(self, number: int) -> tuple[Any, ...]:
        """Return the values of its row, in the order of `WHOLE`, and its log."""
        row = self.row
        given, output = storable(row.input), storable(row.output)
        error, cause = storable(row.error), storable(row.cause)
        return (
            *(number, storable(row.arn), storable(row.machine), row.definition, row.started),
            *(row.version, row.alias, row.map_run, row.status, row.stopped, error),
            *(
                row.redrives,
                row.redriven,
                row.blocked,
                storable(encode(row.settings).decode("utf-8", "surrogatepass")),
                cause,
                given,
                output,
                self.log,
            ),
        )


def row_of(values: Sequence[Any]) -> ExecutionRow:
    """Return the row of these values, in the order of `WHOLE`."""
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
