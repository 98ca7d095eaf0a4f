"""The driver of one map run: reads items, has a child run for each, and hands on what they made.

Items are read as children end, and of a child that has succeeded nothing stays but what the state's output
needs: memory does not grow with the number of items.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from asltool.engine.effects import Failed, Outcome, StartMapRun, Succeeded
from asltool.engine.failures import explained
from asltool.engine.map_children import Family
from asltool.engine.map_io import CHILDREN, Ended, MapJournal, MapPort, Told
from asltool.engine.map_items import Done, Input, read_inputs
from asltool.engine.map_results import Results
from asltool.engine.map_run import MapRun, Status, too_many_failed
from asltool.errors import EvaluationError, TaskFailed, TasksError

if TYPE_CHECKING:
    from asltool.driver.runner import Line, Runner
    from asltool.engine.execution import Execution

__all__ = ["MapDriver", "Maps"]

_MOST_AT_A_TIME = 10_000
"""How many children run at the same time, whatever MaxConcurrency says."""

_LARGEST_CHUNK = 256
"""How many children at most another process is given at once."""

_STRIDE = 1_000
"""How many children begin before the runner looks at what else there is to do."""

_COST = 20
"""As how many of them one counts that does not end at once: it may soon have something to tell."""


@dataclass
class Maps:
    """What the map runs of a `Runner` share: how they read and write, and who watches.

    ``journal`` opens what is known of a map run, by its ARN; its second argument says whether inputs are kept
    too. ``watch`` is called as a map run gets on. ``processes`` is how many other processes run the
    children of ``machines``, those they know by name; 0: this one does. ``runs`` collects the map runs of
    executions that are no children themselves, ``journals`` those that are open.
    """

    port: MapPort | None = None
    journal: Callable[[str, bool], MapJournal] | None = None
    watch: Callable[[MapRun], None] | None = None
    processes: int = 0
    machines: Collection[str] = ()
    runs: list[MapRun] = field(default_factory=list)
    journals: list[MapJournal] = field(default_factory=list)

    def flush(self) -> None:
        """See to it that what has been noted outlives this process."""
        for journal in self.journals:
            journal.flush()

    def close(self) -> None:
        """Close the journals of map runs that nobody goes on with, here."""
        for journal in self.journals:
            journal.close()


class MapDriver:
    """Runs the children of one map run in a `Runner`, and tells the execution that waits for it."""

    def __init__(self, runner: Runner, line: Line, effect: StartMapRun) -> None:
        self._runner = runner
        self._maps = runner.maps
        self._line = line
        self._effect = effect
        self._plan = effect.plan
        self._family = Family.of(effect, runner.clock.now())
        self._run = MapRun(effect.plan, effect.state, effect.parent.execution_arn)
        self._limit = min(effect.plan.max_concurrency or _MOST_AT_A_TIME, _MOST_AT_A_TIME)
        self._running: dict[int, tuple[int, Line]] = {}
        self._chunks: dict[int, list[Input]] = {}
        self._chunk_size = 1
        known = effect.parent.whole_machine in self._maps.machines
        self._processes = self._maps.processes if known else 0
        self._results: Results | None = None
        self._queued = self._exhausted = self._over = False
        self._journal: MapJournal | None = None
        self._inputs: Iterator[Input] = iter(())
        if "/" not in effect.parent.state_machine:
            self._maps.runs.append(self._run)
        self._guard(self._begin)

    def feed(self) -> None:
        """Begin children while there is room, though not too many at once."""
        self._queued = False
        self._guard(self._send if self._processes else self._feed)
        self._show()

    @property
    def has_room(self) -> bool:
        """Whether another child may begin beside the one that is just beginning."""
        return len(self._running) + 1 < self._limit

    def abort(self) -> None:
        """End the map run, for nobody waits for it any more."""
        if not self._over:
            self._end_children()
            self._stop("ABORTED")

    def _guard(self, work: Callable[[], None]) -> None:
        """Let what goes wrong with items and results fail the map run."""
        try:
            work()
        except TaskFailed as problem:
            self._fail(problem.error, problem.cause)
        except EvaluationError as problem:
            self._fail(problem.error, explained(self._effect.state, self._plan.entered_id, problem))

    def _begin(self) -> None:
        port, plan = self._port(), self._plan
        self._results = Results(port, self._effect, self._family)
        if plan.items is not None:
            many = len(plan.items)
            self._run.expect(many, many if plan.batching is None else 0)
        done = Done(plan)
        if self._maps.journal is not None:
            self._journal = self._maps.journal(plan.arn, self._results.to_files)
            self._maps.journals.append(self._journal)
            self._catch_up(self._journal, done)
        self._inputs = read_inputs(
            plan, self._effect.children, self._effect.scope, self._effect.seed, port, done
        )
        self._go_on()

    def _port(self) -> MapPort:
        if self._maps.port is None:
            raise TasksError(f'Map state "{self._effect.state}" needs storage: pass --s3 (s3=)')
        return self._maps.port

    def _catch_up(self, journal: MapJournal, done: Done) -> None:
        """Take over what had ended before, of each child the first end; a redrive runs again what failed.

        Raises:
            DumpError: the journal tells of children that there cannot be.
        """
        for child in journal.ended():
            if child.status != "SUCCEEDED" and child.redrive_count < self._plan.redrive_count:
                continue
            if not done.note(child):
                continue
            self._run.begin(child.items)
            self._run.end(child.status, child.items)
            self._add(child)

    # Children.

    def _feed(self) -> None:
        begun, before = 0, len(self._running)
        while not self._over and len(self._running) < self._limit:
            if begun + (len(self._running) - before) * _COST >= _STRIDE:
                self._want_more()
                return
            found = next(self._inputs, None)
            if found is None:
                self._exhausted = True
                self._settle()
                return
            self._start(*found)
            begun += 1

    def _want_more(self) -> None:
        if not self._queued:
            self._queued = True
            self._runner.feed(self)

    def _start(self, index: int, items: int, value: Any) -> None:
        child = self._family.child(index, value)
        self._run.begin(items)
        effects = child.start(self._runner.clock.now())
        if child.status != "RUNNING":
            self._note(index, items, child)
            self._fail_if_too_many()
            return
        line = self._runner.take(child, effects, lambda ended: self._hear(index, items, ended))
        self._running[index] = items, line

    def _hear(self, index: int, items: int, child: Execution) -> None:
        """Note that a child has ended that did not end at once, and go on."""
        del self._running[index]
        self._guard(lambda: self._note(index, items, child))
        self._go_on()

    def _go_on(self) -> None:
        """See what there is to do after children have ended."""
        if not self._over:
            self._fail_if_too_many()
        if not self._over:
            if self._exhausted:
                self._guard(self._settle)
                self._show()
            else:
                self._want_more()

    def _show(self) -> None:
        """Tell who watches that the map run has got on; its end is told of elsewhere."""
        if self._maps.watch is not None and not self._over:
            self._maps.watch(self._run)

    def _note(self, index: int, items: int, child: Execution) -> None:
        self._run.end(child.status, items, child)
        ended = self._family.ended(index, items, child)
        if self._journal is not None:
            self._journal.note(ended)
        self._add(ended)

    def _fail_if_too_many(self) -> None:
        if self._run.exceeded(all_known=self._plan.items is not None):
            self._fail(*too_many_failed())

    # Children in other processes.

    def _send(self) -> None:
        """Send chunks while there is room. They grow, so that a few heavy children are shared out too."""
        most = min(self._processes * 2, self._limit)
        while not self._over and len(self._chunks) < most:
            size = min(self._chunk_size, self._limit // most)
            inputs = list(islice(self._inputs, size))
            if not inputs:
                self._exhausted = True
                self._settle()
                return
            for _, items, _ in inputs:
                self._run.begin(items)
            self._chunk_size = min(self._chunk_size * 2, _LARGEST_CHUNK)
            chunk = self._family.chunk(inputs, self._runner.clock.now())
            self._chunks[self._runner.call(self._effect.state, CHILDREN, chunk, self._hear_chunk)] = inputs

    def _hear_chunk(self, ticket: int, outcome: Outcome) -> None:
        assert isinstance(outcome, Succeeded)
        del self._chunks[ticket]
        told: list[Told] = outcome.output
        self._guard(lambda: self._note_all(told))
        self._go_on()

    def _note_all(self, told: list[Told]) -> None:
        for ended, tape in told:
            child = None if tape is None else self._family.revived(ended, tape)
            self._run.end(ended.status, ended.items, child)
            self._add(ended)

    # The end.

    def _add(self, child: Ended) -> None:
        assert self._results is not None
        self._results.add(child)

    def _settle(self) -> None:
        """End well, or not, once every item has been dealt with."""
        if self._running or self._chunks:
            return
        if self._run.exceeded(all_known=True):
            self._fail(*too_many_failed())
            return
        assert self._results is not None
        output = self._results.close()
        self._stop("SUCCEEDED")
        self._runner.tell(self._line, self._effect.task_id, Succeeded(output))

    def _fail(self, error: str | None, cause: str | None) -> None:
        aborted = self._end_children()
        if self._results is not None:
            pending = self._family.not_ended("PENDING", self._inputs, self._runner.clock.now())
            self._results.close_failed(chain(aborted, pending))
        self._stop("FAILED")
        self._runner.tell(self._line, self._effect.task_id, Failed(error, cause))

    def _end_children(self) -> list[Ended]:
        """Abort what still runs, and return it."""
        self._over = True
        ended = []
        for index, (items, line) in self._running.items():
            self._runner.abort(line)
            self._run.end("ABORTED", items, line.execution)
            ended.append(self._family.ended(index, items, line.execution))
        for ticket, inputs in self._chunks.items():
            self._runner.hang_up(ticket)
            ended += self._family.not_ended("ABORTED", inputs, self._runner.clock.now())
            for _, items, _ in inputs:
                self._run.end("ABORTED", items)
        self._running.clear()
        self._chunks.clear()
        return ended

    def _stop(self, status: Status) -> None:
        self._over = True
        self._inputs = iter(())
        self._run.stop(status, self._runner.clock.now())
        self._line.maps.pop(self._effect.task_id, None)
        if self._journal is not None:
            self._maps.journals.remove(self._journal)
            self._journal.close()
        if self._maps.watch is not None:
            self._maps.watch(self._run)
