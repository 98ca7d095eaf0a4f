"""Children of a map run in processes of their own, for handlers that keep a processor busy.

Functions cannot be sent to another process: each makes its own handlers, by a call that can be pickled.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from asltool.engine.clock import VirtualClock
from asltool.engine.effects import CallTask, Outcome, Succeeded
from asltool.engine.map_children import Family
from asltool.engine.map_driver import Maps
from asltool.engine.map_io import CHILDREN, Chunk, MapJournal, MapPort, Told
from asltool.engine.map_items import Children
from asltool.engine.program import compile_machine
from asltool.engine.runner import run
from asltool.engine.states.distributed_map import distributed_maps
from asltool.errors import TasksError
from asltool.integrations.clock import RealClock
from asltool.integrations.jobs import Integration, Job, Work
from asltool.integrations.workers import Workers
from asltool.syntax.build import build
from asltool.syntax.reader import read

__all__ = ["Processes", "Surroundings"]


@dataclass(frozen=True)
class Surroundings:
    """What children run with in a process; ``make`` returns who does their tasks, and can be pickled."""

    make: Callable[[], Sequence[Integration]]
    port: MapPort | None = None
    journal: Callable[[str, bool], MapJournal] | None = None
    real_time: bool = False


class Processes:
    """The `Integration` that runs chunks of children in ``count`` processes. Use it in ``with``."""

    def __init__(self, count: int, definition: Any, surroundings: Surroundings) -> None:
        self.count = count
        self._pool = ProcessPoolExecutor(
            count,
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(json.dumps(definition), surroundings),
        )

    def find(self, call: CallTask) -> Work | None:
        return self._run if call.resource == CHILDREN else None

    async def _run(self, job: Job) -> Outcome:
        try:
            return Succeeded(await asyncio.wrap_future(self._pool.submit(_run_chunk, job.call.input)))
        except BrokenProcessPool:
            raise TasksError(
                f'a process that ran children of Map state "{job.call.state}" was killed, or could not begin.'
                " what had ended before is not lost if the execution has a name: resume it"
            ) from None

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=error is None, cancel_futures=True)


@dataclass
class _Room:
    """What a process keeps from one chunk to the next."""

    children: dict[str, Children]
    integrations: Sequence[Integration]
    surroundings: Surroundings


_rooms: list[_Room] = []
"""One in a process that runs children, none elsewhere."""


def _begin(definition: str, surroundings: Surroundings) -> None:
    document = read(definition, "definition")
    machine = build(document)
    assert machine is not None
    children = distributed_maps(compile_machine(machine, document.value).machine)
    _rooms.append(_Room(children, surroundings.make(), surroundings))


def _run_chunk(chunk: Chunk) -> list[Told]:
    """Run these children one after the other, for threads would only be in each other's way."""
    (room,) = _rooms
    journal = room.surroundings.journal
    with ExitStack() as stack:
        workers = stack.enter_context(Workers(*room.integrations))
        book = None if journal is None else journal(chunk.map_run_arn, chunk.keeps_inputs)
        if book is not None:
            stack.callback(book.close)
        try:
            return [_run_child(room, chunk, workers, book, *child) for child in chunk.inputs]
        except TasksError as problem:
            # One with arguments of its own could not be sent back.
            raise TasksError(str(problem)) from None


def _run_child(
    room: _Room,
    chunk: Chunk,
    workers: Workers,
    book: MapJournal | None,
    index: int,
    items: int,
    value: Any,
) -> Told:
    given, family = room.surroundings, Family(room.children[chunk.state], chunk)
    child = family.child(index, value)
    clock = RealClock() if given.real_time else VirtualClock(chunk.now)
    run(child, workers, clock, maps=Maps(given.port, given.journal))
    ended = family.ended(index, items, child)
    if book is not None:
        book.note(ended)
        book.flush()
    return ended, None if child.status == "SUCCEEDED" else child.records.tape
