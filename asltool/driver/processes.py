"""Worker processes for children of map runs, for CPU-bound handlers.

Functions cannot be sent to another process: each process makes its own handlers with a picklable callable.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from asltool.driver.clock import RealClock, VirtualClock
from asltool.driver.jobs import Integration, Job
from asltool.driver.lifeline import Lifeline, hold_on
from asltool.driver.map_outside import Maps
from asltool.driver.runner import run
from asltool.driver.workers import Workers
from asltool.engine.effects import Outcome, Succeeded
from asltool.engine.map_children import ChildExecutions
from asltool.engine.map_io import Chunk, EndedChild, MapJournal, MapPort
from asltool.engine.map_items import Children
from asltool.engine.program import compile_machine
from asltool.engine.states.distributed_map import distributed_maps
from asltool.errors import WorkerError
from asltool.syntax.build import build
from asltool.syntax.reader import read

__all__ = ["Processes", "Surroundings"]


@dataclass(frozen=True)
class Surroundings:
    """The settings of a process; ``make`` is a picklable callable that returns its integrations."""

    make: Callable[[], Sequence[Integration]]
    port: MapPort | None = None
    journal: Callable[[str, bool], MapJournal] | None = None
    real_time: bool = False


class Processes:
    """Runs chunks of children in ``count`` processes. Use it in ``with``.

    ``definitions`` are the machines whose children run there, as JSON, by name. The processes end with this
    one, however it ends, and at once if a run stops early or its outcome is no longer needed.
    """

    def __init__(self, count: int, definitions: Mapping[str, Any], surroundings: Surroundings) -> None:
        self.count = count
        texts = {name: json.dumps(definition) for name, definition in definitions.items()}
        self._lifeline = Lifeline()
        self._begun = False
        self._chunks: list[Future[list[EndedChild]]] = []
        self._pool = ProcessPoolExecutor(
            count,
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(texts, surroundings, self._lifeline.end),
        )

    def prepare(self) -> None:
        """Start the processes in the run's thread, which outlives them: see `hold_on`."""
        if not self._begun:
            self._begun = True
            for _ in range(self.count):
                self._pool.submit(_ready)

    async def run(self, job: Job) -> Outcome:
        """Run a `Chunk`, the job's input, in another process.

        Raises:
            WorkerError: that process has ended.
        """
        chunk = self._pool.submit(_run_chunk, job.call.input)
        self._chunks.append(chunk)
        try:
            # Shielded, since a broken pool prints errors about futures that were cancelled.
            return Succeeded(await asyncio.shield(asyncio.wrap_future(chunk)))
        except BrokenProcessPool:
            raise WorkerError(
                f'a process that ran children of Map state "{job.call.state}" was killed, or could not begin.'
                " what had ended before is not lost if the execution has a name: resume it"
            ) from None
        finally:
            self._chunks = [each for each in self._chunks if not each.done()]

    def __enter__(self) -> Processes:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        at_work = error is not None or not all(chunk.done() for chunk in self._chunks)
        if at_work:
            self._lifeline.let_go()
        self._pool.shutdown(wait=not at_work, cancel_futures=True)
        self._lifeline.let_go()


class _Room:
    """A process's state between chunks."""

    def __init__(self, definitions: Mapping[str, str], surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.integrations = surroundings.make()
        self._definitions = definitions
        self._children: dict[str, dict[str, Children]] = {}

    def children(self, chunk: Chunk) -> Children:
        """Return the children's programs. A machine is compiled when its first children arrive."""
        name = chunk.parent.whole_machine
        if name not in self._children:
            document = read(self._definitions[name], "definition")
            machine = build(document)
            assert machine is not None
            self._children[name] = distributed_maps(compile_machine(machine, document.value).machine)
        return self._children[name][chunk.state]


_rooms: list[_Room] = []
"""Has one element in a worker process, none elsewhere."""


def _begin(definitions: Mapping[str, str], surroundings: Surroundings, lifeline: Connection) -> None:
    hold_on(lifeline)
    # Ctrl-C is meant for the parent process, but reaches both.
    signal.signal(signal.SIGINT, _ignore)
    _rooms.append(_Room(definitions, surroundings))


def _ignore(number: int, frame: object) -> None:
    """Do nothing. Unlike SIG_IGN, this is not inherited by processes that a handler starts."""


def _ready() -> None:
    """Do nothing either: a process starts when there is work."""


def _run_chunk(chunk: Chunk) -> list[EndedChild]:
    """Run these children one after another, since threads would only slow each other down."""
    (room,) = _rooms
    journal = room.surroundings.journal
    with ExitStack() as stack:
        workers = stack.enter_context(Workers(*room.integrations))
        book = None if journal is None else journal(chunk.map_run_arn, chunk.keeps_inputs)
        if book is not None:
            stack.callback(book.close)
        return [_run_child(room, chunk, workers, book, *child) for child in chunk.inputs]


def _run_child(
    room: _Room,
    chunk: Chunk,
    workers: Workers,
    book: MapJournal | None,
    index: int,
    items: int,
    value: Any,
) -> EndedChild:
    given, children = room.surroundings, ChildExecutions(room.children(chunk), chunk)
    child = children.child(index, value)
    clock = RealClock() if given.real_time else VirtualClock(chunk.now)
    run(child, workers, clock, maps=Maps(given.port, given.journal))
    ended = children.ended(index, items, child)
    if book is not None:
        book.note(ended)
        book.flush()
    return ended, None if child.status == "SUCCEEDED" else child.records.tape
