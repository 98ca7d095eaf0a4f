"""The interface of stores, and the rows that they take and return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypedDict, Unpack

__all__ = ["MAP_RUN", "ExecutionRow", "Filters", "LoggedStep", "Store", "StoredDocument"]

MAP_RUN = "map run"
"""The kind of the documents that show map runs: by the ARN of the map run, owned by that of its execution."""


class StoredDocument(NamedTuple):
    """A document of a listing; ``cursor`` is the position from which the listing continues."""

    cursor: int
    key: str
    body: dict[str, Any]


class LoggedStep(NamedTuple):
    """One call to an execution, and the event records that it added."""

    call: bytes
    records: bytes


_NO_SETTINGS: Mapping[str, Any] = {}


class ExecutionRow(NamedTuple):
    """An execution as the API shows it. ``input`` and ``output`` are JSON text, timestamps epoch seconds.

    ``definition`` is the hash of the definition it was started with, ``settings`` its other data as JSON.
    ``version``, ``alias`` and ``map_run`` are ARNs. ``blocked``: why it cannot continue. The store sets
    ``number``, which also orders listings: the newest has the highest.
    """

    arn: str
    machine: str
    definition: str
    started: float
    input: str
    settings: Mapping[str, Any] = _NO_SETTINGS
    version: str | None = None
    alias: str | None = None
    map_run: str | None = None
    status: str = "RUNNING"
    stopped: float | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    redrives: int = 0
    redriven: float | None = None
    blocked: str | None = None
    number: int = 0


class Filters(TypedDict, total=False):
    """The filters of a listing.

    ``redriven``: whether executions have ever been redriven. ``roots``: whether they are not children of map
    runs. ``since`` and ``until`` limit the start time. ``text`` must
    occur in the ARN, the input, the output, the error, the cause, or the reason for blocking, ignoring the
    case of ASCII letters.
    """

    number: int | None
    arn: str | None
    machine: str | None
    version: str | None
    alias: str | None
    map_run: str | None
    status: str | None
    redriven: bool | None
    roots: bool | None
    since: float | None
    text: str | None
    until: float | None


class Store(Protocol):
    """A persistent store; ``folder`` is where other files can be placed, None for a store in memory.

    All changes since the last `commit` are one transaction, and visible at once.

    Use it from one thread.

    Raises:
        StoreError: any method, if the database is damaged, locked by another program, or its disk is full.
            All changes since the last commit are lost, and the next `commit` raises the error too.
    """

    @property
    def folder(self) -> Path | None: ...

    # Documents: machines, versions, aliases, activities, tags, map runs, settings.

    def put(
        self, kind: str, key: str, body: Mapping[str, Any], owner: str = "", created: float = 0.0
    ) -> None:
        """Store a JSON document; it replaces one with the same key, whose owner, date and position stay."""

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return a document."""

    def remove(self, kind: str, key: str) -> bool:
        """Remove a document; return whether it existed."""

    def listed(
        self,
        kind: str,
        owner: str | None = None,
        *,
        after: int | None = None,
        limit: int = -1,
        newest_first: bool = False,
    ) -> list[StoredDocument]:
        """Return documents in the order they were first put; ``owner`` None: of all owners."""

    # Definitions.

    def put_definition(self, text: str) -> str:
        """Store a definition, and return its hash."""

    def definition(self, digest: str) -> str | None:
        """Return a definition by its hash."""

    # Executions.

    def begin(self, row: ExecutionRow) -> int:
        """Store a new execution, and return its number."""

    def step(self, number: int, call: bytes, records: bytes) -> None:
        """Add a step to the log of an execution."""

    def end(self, row: ExecutionRow) -> None:
        """Record the end of an execution from its row, and compress its log."""

    def reopen(self, number: int, redriven: float) -> None:
        """Record that an execution runs again."""

    def forget(self, number: int) -> None:
        """Remove an execution with its log."""

    def block(self, number: int, reason: str | None) -> None:
        """Record why an execution cannot continue; None: it can."""

    def execution(self, arn: str) -> ExecutionRow | None:
        """Return the newest execution with this ARN."""

    def executions(
        self, *, after: int | None = None, limit: int = -1, whole: bool = False, **filters: Unpack[Filters]
    ) -> list[ExecutionRow]:
        """Return executions, the newest first; input and output are included only if ``whole``.

        ``after`` is a number.
        """

    def tally(self) -> dict[str, dict[str, int]]:
        """Return the number of executions by machine and status, without children of map runs."""

    def running(self) -> list[ExecutionRow]:
        """Return the executions that have not ended, the oldest first."""

    def log(self, number: int) -> Sequence[LoggedStep]:
        """Return the steps of an execution."""

    def prune(self, before: float) -> int:
        """Remove executions that ended before this timestamp, and the documents they own; return how many.

        A child of a map run stays as long as the execution that the map run belongs to. Definitions that
        no execution, document or settings refer to are removed too.
        """

    # All.

    def clear(self) -> None:
        """Remove everything."""

    def commit(self) -> None:
        """Make all changes durable."""

    def close(self) -> None:
        """Close without committing."""
