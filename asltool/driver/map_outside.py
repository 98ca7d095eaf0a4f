"""The I/O of map runs: what they read, write and report to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from asltool.driver.ports import Capacity
from asltool.engine.execution import Execution
from asltool.engine.map_effects import (
    Close,
    Closed,
    EndedRead,
    ItemsRead,
    MapAnswer,
    Open,
    Opened,
    ReadEnded,
    ReadMore,
    Refused,
    StartChild,
    Write,
)
from asltool.engine.map_execution import MapExecution
from asltool.engine.map_io import ChildEnd, MapJournal, MapPort, ResultSink, WrittenPart
from asltool.engine.map_items import Children
from asltool.engine.map_run import MapRun
from asltool.errors import EvaluationError, OptionError, TaskFailed

__all__ = ["MapOutside", "MapRegister", "Maps", "Reach"]

Reach = Open | ReadEnded | ReadMore | Write | Close
"""Effects of a map run that do I/O."""


class MapRegister(Protocol):
    """Keeps map runs and their children, in the thread that runs their execution's turn."""

    def began(self, run: MapExecution) -> None:
        """A map run starts, or continues in another process."""

    def may_leave(self, children: Children) -> bool:
        """Return whether these children may run in other processes."""

    def child(self, child: Execution, run: MapRun, start: StartChild, now: float) -> bool:
        """A child is about to start; return whether it has been restored to its earlier state."""


@dataclass
class Maps:
    """What the map runs of a `Runner` share: storage and watchers.

    ``journal`` opens a map run's journal, by its ARN; its second argument says whether inputs are stored too.
    ``watch`` is called as a map run progresses. ``elsewhere`` are other processes that run the children of
    map runs, if there are any. ``runs`` collects the map runs of executions that
    are not children themselves, ``journals`` the open journals.
    """

    port: MapPort | None = None
    journal: Callable[[str, bool], MapJournal] | None = None
    watch: Callable[[MapRun], None] | None = None
    elsewhere: Capacity | None = None
    register: MapRegister | None = None
    runs: list[MapRun] = field(default_factory=list)
    journals: list[MapJournal] = field(default_factory=list)

    def flush(self) -> None:
        """Make the journal entries survive this process."""
        for journal in self.journals:
            journal.flush()

    def close(self) -> None:
        """Close the journals of map runs that have not ended."""
        for journal in self.journals:
            journal.close()


class MapOutside:
    """Carries out the I/O effects of one map run."""

    def __init__(self, maps: Maps, state: str) -> None:
        self._maps = maps
        self._state = state
        self._journal: MapJournal | None = None
        self._sink: ResultSink | None = None
        self._items: Iterator[Any] = iter(())
        self._ended: Iterator[ChildEnd | WrittenPart] = iter(())

    def carry_out(self, effect: Reach) -> MapAnswer | None:
        """Return the answer to the map run, if there is one.

        Raises:
            OptionError: there is no storage.
        """
        try:
            match effect:
                case Open():
                    return self._open(effect)
                case ReadEnded(many):
                    children = list(islice(self._ended, many))
                    return EndedRead(children, len(children) < many)
                case ReadMore(many):
                    return self._read(many)
                case Write(journal, results):
                    self._write(journal, results)
                    return None
                case Close():
                    assert self._sink is not None
                    return Closed(self._sink.close())
        except (TaskFailed, EvaluationError) as problem:
            return Refused(problem)

    def end(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._maps.journals.remove(self._journal)
            self._journal.close()
            self._journal = None

    def _open(self, effect: Open) -> MapAnswer:
        maps = self._maps
        if maps.port is None:
            raise OptionError(f'Map state "{self._state}" needs storage: pass --s3 (s3=)')
        if not effect.nested:
            maps.runs.append(effect.run)
        self._sink = maps.port.write(effect.target)
        if maps.journal is not None:
            self._journal = maps.journal(effect.run.arn, effect.keeps_inputs)
            maps.journals.append(self._journal)
            self._ended = self._journal.ended()
        if effect.reader is not None and effect.reader.config.get("MaxItems", 0) >= 0:
            self._items = maps.port.read(effect.reader)
        return Opened(self._journal is not None)

    def _read(self, many: int) -> MapAnswer:
        """Read items; those before a failure are passed on first."""
        found: list[Any] = []
        try:
            found.extend(islice(self._items, many))
        except (TaskFailed, EvaluationError) as problem:
            if not found:
                raise
            self._items = _failing(problem)
            return ItemsRead(found, last=False)
        return ItemsRead(found, len(found) < many)

    def _write(self, journal: list[ChildEnd | WrittenPart], results: list[ChildEnd | WrittenPart]) -> None:
        if self._journal is not None:
            for child in journal:
                self._journal.note(child)
        if self._sink is not None:
            for result in results:
                if isinstance(result, WrittenPart):
                    self._sink.add_part(result.file)
                else:
                    self._sink.add(result)


def _failing(problem: Exception) -> Iterator[Any]:
    raise problem
    yield
