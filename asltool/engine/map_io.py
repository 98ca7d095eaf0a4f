"""What a distributed Map reads and writes, and who does it: the ports of ItemReader and ResultWriter.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html and
https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from asltool.engine.identity import ExecutionStatus, Identity

__all__ = [
    "Chunk",
    "Ended",
    "EndedChild",
    "MapJournal",
    "MapPort",
    "Member",
    "Names",
    "ReadItems",
    "ResultSink",
    "WriteResults",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadItems:
    """What an ItemReader asks for.

    ``arguments`` is its ``Parameters`` or ``Arguments`` evaluated (``Bucket``, ``Key``, ``Prefix`` …),
    ``config`` its ``ReaderConfig`` with ``MaxItems`` a number.
    """

    resource: str
    arguments: Mapping[str, Any]
    config: Mapping[str, Any]


Names = Callable[[int], Identity]
"""Returns who a child of a map run is, by its index; it takes long, and most results do not tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteResults:
    """What a ResultWriter asks for.

    ``resource`` is None where there is only a ``WriterConfig``: the results go to the state's output then.
    ``child_type`` is ``STANDARD`` or ``EXPRESS``, ``names`` who a child is, by its index.
    """

    resource: str | None
    arguments: Mapping[str, Any]
    config: Mapping[str, Any]
    map_run_arn: str
    child_type: str
    names: Names


class Member(dict[str, Any]):
    """An item that is a member of an object: ``{"Key": its name, "Value": its value}``."""


class ResultSink(Protocol):
    """Takes the results of a map run, one by one."""

    def add(self, child: Ended) -> None:
        """Keep this child's result."""

    def close(self) -> Any:
        """Return what the Map state's result is: where the results lie, or themselves."""


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
class Ended:
    """How a child ended: what journals and results keep of it, and what another process tells of it.

    Its status is PENDING if it was never begun.

    ``index`` counts the children of its map run from 0, ``items`` is how many items it had. Moments are
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Children to be run in another process, which has the same definition.

    ``state`` is the name of their Map state, ``parent`` the `Identity` of the execution that it is in.
    ``inputs`` are (index, how many items, input), and ``keeps_inputs`` says whether a journal has them. That
    process has a journal of its own. Everything can be pickled. ``now`` is when they begin.
    """

    state: str
    map_run_arn: str
    redrive_count: int
    parent: Identity
    seed: int
    limits: bool
    activities: list[str] | None
    keeps_inputs: bool
    inputs: list[tuple[int, int, Any]]
    now: float


EndedChild = tuple[Ended, list[Any] | None]
"""(how a child ended, the tape of its records if it did not succeed)"""


class MapJournal(Protocol):
    """What is written down of a map run while it goes on, so that another process can go on with it."""

    def ended(self) -> Iterator[Ended]:
        """Yield the children that had ended before."""

    def note(self, child: Ended) -> None:
        """Write down that a child has ended."""

    def flush(self) -> None:
        """See to it that what was noted outlives this process."""

    def close(self) -> None:
        """Write no more."""
