"""Run children of map runs in a worker process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from asltool.driver.clock import RealClock, VirtualClock
from asltool.driver.jobs import Integration
from asltool.driver.map_outside import Maps
from asltool.driver.ports import Answer
from asltool.driver.runner import run
from asltool.driver.workers import Workers
from asltool.engine.effects import CallTask
from asltool.engine.map_children import ChildExecutions
from asltool.engine.map_io import (
    ChildEnd,
    Chunk,
    ChunkEnd,
    EndedChild,
    MapJournal,
    MapPort,
    WriteResults,
    WrittenPart,
)
from asltool.engine.map_items import Children
from asltool.engine.program import compile_machine
from asltool.engine.states.distributed_map import distributed_maps
from asltool.expr.values import dumps
from asltool.syntax.build import build
from asltool.syntax.reader import read

__all__ = ["PartWriter", "Room", "StartPart", "Surroundings"]

_LONGEST = 1.0
"""Seconds after which a chunk returns what it has done, so that other processes get the rest."""


_MOST_RETURNED = 8 * 1024 * 1024
"""Characters of results after which a chunk returns what it has done."""


class PartWriter(Protocol):
    """Writes a part of a map run's results; ``size`` is its number of characters so far."""

    size: int

    def add(self, child: ChildEnd) -> None:
        """Add the result of a child that has succeeded."""

    def close(self) -> Any:
        """Return the ``file`` of the `WrittenPart`."""


StartPart = Callable[[WriteResults, int], PartWriter]


@dataclass(frozen=True)
class Surroundings:
    """The settings of a process; ``make`` is a picklable callable that returns its integrations.

    ``parts`` starts a part of a map run's results, with its first child, if this process writes them.
    """

    make: Callable[[], Sequence[Integration]]
    port: MapPort | None = None
    parts: StartPart | None = None
    journal: Callable[[str, bool], MapJournal] | None = None
    real_time: bool = False


class Room:
    """The data that a process keeps between chunks: its integrations and compiled machines."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self.integrations = surroundings.make()
        self._machines: dict[str, dict[str, Children]] = {}

    def run(self, chunk: Chunk) -> ChunkEnd:
        """Run these children one after another, because threads would only slow each other down.

        It returns early after a second, with many results, and when more items have failed than are
        tolerated.

        Raises:
            TaskFailed: the results cannot be written.
        """
        begin, given = time.perf_counter(), self._surroundings
        children = ChildExecutions(self._children(chunk), chunk)
        with ExitStack() as stack:
            workers = stack.enter_context(Workers(*self.integrations))
            results = _Results(given, children, chunk)
            stack.callback(results.close_journal)
            for index, items, value in chunk.inputs:
                results.add(self._run_child(children, chunk.now, workers, index, items, value))
                seconds = time.perf_counter() - begin
                if seconds > _LONGEST or results.are_enough:
                    break
        return results.end(seconds)

    def run_task(self, call: CallTask) -> list[Answer]:
        """Do a task; return all its outcomes. One that waits for a task token has no end yet."""
        answers: list[Answer] = []
        with Workers(*self.integrations) as workers:
            workers.start(1, call, alone=True)
            while workers.busy:
                answers += [answer for _, answer in workers.wait(None)]
        return answers

    def _run_child(
        self, children: ChildExecutions, now: float, workers: Workers, index: int, items: int, value: object
    ) -> EndedChild:
        given = self._surroundings
        child = children.child(index, value)
        clock = RealClock() if given.real_time else VirtualClock(now)
        run(child, workers, clock, maps=Maps(given.port, given.journal))
        return children.ended(
            index, items, child
        ), None if child.status == "SUCCEEDED" else child.records.tape

    def _children(self, chunk: Chunk) -> Children:
        """Return the children's programs. A machine is compiled when its first children arrive."""
        text = chunk.definition
        assert text is not None
        if text not in self._machines:
            document = read(text, "definition")
            machine = build(document)
            assert machine is not None
            self._machines[text] = distributed_maps(compile_machine(machine, document.value).machine)
        return self._machines[text][chunk.state]


class _Results:
    """How the children of a chunk ended so far."""

    def __init__(self, given: Surroundings, children: ChildExecutions, chunk: Chunk) -> None:
        writes, first = chunk.writer is not None, chunk.inputs[0][0]
        self._journal = None if given.journal is None else given.journal(chunk.map_run_arn, writes)
        self._part: PartWriter | None = None
        if chunk.writer is not None and given.parts is not None:
            self._part = given.parts(children.target(chunk.writer), first)
        self._written: list[tuple[int, int]] = []
        self._ended: list[EndedChild] = []
        self._tolerated, self._failed, self._size = chunk.tolerated, 0, 0

    def add(self, child: EndedChild) -> None:
        ended, _ = child
        if ended.status != "SUCCEEDED":
            self._failed += ended.items
        if self._part is not None and ended.status == "SUCCEEDED":
            self._part.add(ended)
            self._written.append((ended.index, ended.items))
            self._size = self._part.size
            return
        self._ended.append(child)
        self._size += len(dumps(ended.output))
        if self._journal is not None:
            self._journal.note(ended)
            self._journal.flush()

    @property
    def are_enough(self) -> bool:
        return self._size > _MOST_RETURNED or (self._tolerated is not None and self._failed > self._tolerated)

    def end(self, seconds: float) -> ChunkEnd:
        part = None
        if self._part is not None and self._written:
            part = WrittenPart(self._written, self._part.close())
        return ChunkEnd(self._ended, seconds, journalled=self._journal is not None, part=part)

    def close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
