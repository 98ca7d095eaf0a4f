"""What a store does, and the rows it is asked for and returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypedDict, Unpack

__all__ = ["MAP_RUN", "ExecutionRow", "Filters", "LoggedStep", "Store", "StoredDocument"]

MAP_RUN = "map run"
"""The kind of the documents that show map runs: by the ARN of the map run, owned by that of its execution."""


class StoredDocument(NamedTuple):
    """A document of a listing; ``cursor`` is where the listing goes on after it."""

    cursor: int
    key: str
    body: dict[str, Any]


class LoggedStep(NamedTuple):
    """One call to an execution, and the event records that it added."""

    call: bytes
    records: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionRow:
    """An execution as the API shows it. ``input`` and ``output`` are JSON text, timestamps epoch seconds.

    ``definition`` is the hash of the definition it was started with, ``settings`` whatever else belongs to
    it, as JSON. ``version``, ``alias`` and ``map_run`` are ARNs. ``blocked``: why it cannot go on. The store
    sets ``number``, by which it is also listed: the newest has the highest.
    """

    arn: str
    machine: str
    definition: str
    started: float
    input: str
    settings: Mapping[str, Any] = field(default_factory=dict)
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
    """Which executions are listed. ``redriven``: whether they have ever been. ``roots``: whether they are no
    children of map runs. ``since`` and ``until`` are timestamps between which they began.

    ``text`` is found in the ARN, the input, the output, the error, the cause, or in what blocks them, with
    upper and lower case of ASCII letters being the same.
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
    """Keeps everything; ``folder`` is where files may lie beside it, None for a store in memory.

    What has changed since the last `commit` is one transaction, which is seen at once.

    Use it from one thread.

    Raises:
        StoreError: any method, if the database is damaged, locked by another program, or its disk is full.
            Nothing since the last commit is kept then, which the next `commit` raises too.
    """

    @property
    def folder(self) -> Path | None: ...

    # Documents: machines, versions, aliases, activities, tags, map runs, settings.

    def put(
        self, kind: str, key: str, body: Mapping[str, Any], owner: str = "", created: float = 0.0
    ) -> None:
        """Keep a document, JSON; one with the same key is replaced, and keeps its owner, date and place."""

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
        """Keep a definition, and return the hash that it is found by."""

    def definition(self, digest: str) -> str | None:
        """Return a definition by its hash."""

    # Executions.

    def begin(self, row: ExecutionRow) -> int:
        """Keep an execution that begins, and return its number."""

    def step(self, number: int, call: bytes, records: bytes) -> None:
        """Add a step to the log of an execution."""

    def end(self, row: ExecutionRow) -> None:
        """Note how an execution has ended, as its row says, and compress its log."""

    def reopen(self, number: int, redriven: float) -> None:
        """Note that an execution runs again."""

    def forget(self, number: int) -> None:
        """Remove an execution with its log."""

    def block(self, number: int, reason: str | None) -> None:
        """Note why an execution cannot go on; None: it can."""

    def execution(self, arn: str) -> ExecutionRow | None:
        """Return the newest execution with this ARN."""

    def executions(
        self, *, after: int | None = None, limit: int = -1, whole: bool = False, **filters: Unpack[Filters]
    ) -> list[ExecutionRow]:
        """Return executions, the newest first; with their input and output only if they are to be ``whole``.

        ``after`` is a number.
        """

    def tally(self) -> dict[str, dict[str, int]]:
        """Return by machine and status how many executions there are, but for children of map runs."""

    def running(self) -> list[ExecutionRow]:
        """Return the executions that have not ended, the oldest first."""

    def log(self, number: int) -> Sequence[LoggedStep]:
        """Return the steps of an execution."""

    def prune(self, before: float) -> int:
        """Remove executions that ended before this timestamp, and documents they own; return how many.

        A child of a map run stays as long as the execution that the map run belongs to.
        """

    # All.

    def clear(self) -> None:
        """Remove everything."""

    def commit(self) -> None:
        """Make everything durable that has changed."""

    def close(self) -> None:
        """Close without committing."""
