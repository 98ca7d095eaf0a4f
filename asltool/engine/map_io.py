"""The ports of ItemReader and ResultWriter, through which distributed Maps read items and write results.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html and
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from asltool.engine.identity import ExecutionStatus, Identity

__all__ = [
    "ChildEnd",
    "ChildIdentities",
    "Chunk",
    "ChunkEnd",
    "EndedChild",
    "MapJournal",
    "MapPort",
    "Member",
    "ReadItems",
    "ResultSink",
    "WriteResults",
    "WrittenPart",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItems:
    """A request of an ItemReader.

    ``arguments`` is its ``Parameters`` or ``Arguments`` evaluated (``Bucket``, ``Key``, ``Prefix`` …),
    ``config`` its ``ReaderConfig`` with ``MaxItems`` a number.
    """

    resource: str
    arguments: Mapping[str, Any]
    config: Mapping[str, Any]


ChildIdentities = Callable[[int], Identity]
"""Returns the identity of a map run's child by its index; it is slow, and most results do not need it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResults:
    """A request of a ResultWriter.

    ``resource`` is None if there is only a ``WriterConfig``: the results then become the state's output.
    ``child_type`` is ``STANDARD`` or ``EXPRESS``, ``names`` returns a child's identity by its index.
    """

    resource: str | None
    arguments: Mapping[str, Any]
    config: Mapping[str, Any]
    map_run_arn: str
    child_type: str
    names: ChildIdentities


class Member(dict[str, Any]):
    """An item that is a member of an object: ``{"Key": its name, "Value": its value}``."""


class ResultSink(Protocol):
    """Takes the results of a map run, one by one."""

    def add(self, child: ChildEnd) -> None:
        """Write this child's result."""

    def add_part(self, file: Any) -> None:
        """Take over results that another process has written; ``file`` is that of a `WrittenPart`."""

    def close(self) -> Any:
        """Return the Map state's result: the results themselves, or their location."""


class MapPort(Protocol):
    """Reads items and writes results."""

    def read(self, source: ReadItems) -> Iterator[Any]:
        """Yield the items one by one, as a stream; the members of an object as `Member`.

        Raises:
            TaskFailed: ``States.ItemReaderFailed``, with the service's cause.
        """

    def write(self, target: WriteResults) -> ResultSink:
        """Begin to write.

        Raises:
            TaskFailed: ``States.ResultWriterFailed``, with the service's cause.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnd:
    """A child's end: the record for journals, results and other processes.

    Its status is PENDING if it was never started.

    ``index`` counts the children of its map run from 0, ``items`` is its number of items. Timestamps are in
    seconds since the epoch.
    """

    index: int
    items: int
    status: ExecutionStatus
    started_at: float
    stopped_at: float
    input: Any = None
    output: Any = None
    error: str | None = None
    cause: str | None = None
    redrive_count: int = 0


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """Children that have succeeded, whose results another process has written to a file.

    ``children`` are (index, how many items), ``file`` is JSON for `ResultSink.add_part`.
    """

    children: list[tuple[int, int]]
    file: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Children for another process.

    ``definition`` is the JSON text of their machine, None for one that stays here. ``state`` is the name of
    their Map state, ``parent`` the `Identity` of the execution that it is in. ``inputs`` are (index, how many
    items, input). ``writer`` has the fields of a `WriteResults` if results are written to files.
    ``tolerated`` is how many items may fail before the other process returns; None for any number. ``now`` is
    their start time. Everything can be pickled.
    """

    definition: str | None
    state: str
    map_run_arn: str
    redrive_count: int
    parent: Identity
    seed: int
    limits: bool
    activities: list[str] | None
    writer: Mapping[str, Any] | None
    inputs: list[tuple[int, int, Any]]
    tolerated: int | None
    now: float


EndedChild = tuple[ChildEnd, list[Any] | None]
"""(how a child ended, the tape of its records if it did not succeed)"""


@dataclass(frozen=True, slots=True)
class ChunkEnd:
    """Another process's answer to a `Chunk`: how its first children ended. The others have not run.

    ``part`` has those that succeeded and whose results are written, ``ended`` the others. ``seconds`` is how
    long that took, ``journalled`` whether that process has noted them in a journal. ``lost`` is the process
    if it ended before it answered; none of the children have then ended.
    """

    ended: list[EndedChild]
    seconds: float
    journalled: bool = False
    lost: str | None = None
    part: WrittenPart | None = None

    @property
    def many(self) -> int:
        """How many children have ended."""
        return len(self.ended) + (0 if self.part is None else len(self.part.children))


class MapJournal(Protocol):
    """The journal of a map run in progress, with which another process can resume it."""

    def ended(self) -> Iterator[ChildEnd | WrittenPart]:
        """Yield the children that had ended before."""

    def note(self, child: ChildEnd | WrittenPart) -> None:
        """Record that a child has ended, or several with their results in a file."""

    def flush(self) -> None:
        """Make the recorded entries survive this process."""

    def close(self) -> None:
        """Close the journal."""
