"""Run children of map runs in a worker process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from asltool.driver.clock import RealClock, VirtualClock
from asltool.driver.jobs import Integration
from asltool.driver.map_outside import Maps
from asltool.driver.runner import run
from asltool.driver.workers import Workers
from asltool.engine.map_children import ChildExecutions
from asltool.engine.map_io import Chunk, ChunkEnd, EndedChild, MapJournal, MapPort
from asltool.engine.map_items import Children
from asltool.engine.program import compile_machine
from asltool.engine.states.distributed_map import distributed_maps
from asltool.syntax.build import build
from asltool.syntax.reader import read

__all__ = ["Room", "Surroundings"]

_LONGEST = 1.0
"""Seconds after which a chunk returns what it has done, so that other processes get the rest."""


@dataclass(frozen=True)
class Surroundings:
    """The settings of a process; ``make`` is a picklable callable that returns its integrations."""

    make: Callable[[], Sequence[Integration]]
    port: MapPort | None = None
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

        It returns early after a second, and when more items have failed than are tolerated.
        """
        begin, failed = time.perf_counter(), 0
        children = ChildExecutions(self._children(chunk), chunk)
        journal, ended = self._surroundings.journal, list[EndedChild]()
        with ExitStack() as stack:
            workers = stack.enter_context(Workers(*self.integrations))
            book = None if journal is None else journal(chunk.map_run_arn, chunk.keeps_inputs)
            if book is not None:
                stack.callback(book.close)
            for index, items, value in chunk.inputs:
                one = self._run_child(children, chunk.now, workers, index, items, value)
                ended.append(one)
                if book is not None:
                    book.note(one[0])
                    book.flush()
                failed += 0 if one[0].status == "SUCCEEDED" else items
                seconds = time.perf_counter() - begin
                if seconds > _LONGEST or (chunk.tolerated is not None and failed > chunk.tolerated):
                    break
        return ChunkEnd(ended, seconds, journalled=book is not None)

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
