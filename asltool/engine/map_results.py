"""The pending writes of a map run: to its journal, and to its results, at once or sorted at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from asltool.engine.effects import StartMapRun
from asltool.engine.map_children import ChildExecutions
from asltool.engine.map_effects import Write
from asltool.engine.map_io import ChildEnd, WriteResults, WrittenPart
from asltool.engine.map_items import Done
from asltool.engine.map_run import MapRun

__all__ = ["Results"]


class Results:
    """``to_files``: results are written to files as children end; otherwise they are collected for the
    state's result."""

    def __init__(self, effect: StartMapRun, child_executions: ChildExecutions) -> None:
        self._effect = effect
        self._child_executions = child_executions
        self.to_files = effect.plan.writer["resource"] is not None
        self._kept: dict[int, ChildEnd] = {}
        self._rest: Iterator[ChildEnd] = iter(())
        self._journal: list[ChildEnd | WrittenPart] = []
        self._results: list[ChildEnd | WrittenPart] = []

    @property
    def target(self) -> WriteResults:
        """The effect that opens the outputs."""
        return self._child_executions.target(self._effect.plan.writer)

    def note(self, child: ChildEnd | WrittenPart) -> None:
        """Add what has ended to the journal."""
        self._journal.append(child)

    def add(self, child: ChildEnd | WrittenPart) -> None:
        """Take the result of a child, or a part of the results."""
        if self.to_files or isinstance(child, WrittenPart):
            self._results.append(child)
        else:
            self._kept[child.index] = child

    def take(self, part: WrittenPart, run: MapRun) -> None:
        """Count the children whose results another process has written, and take these over."""
        for _, items in part.children:
            run.end("SUCCEEDED", items)
        self.add(part)

    def catch_up(self, children: Iterable[ChildEnd | WrittenPart], run: MapRun, done: Done) -> None:
        """Take over the earlier ends, the first of each child; a redrive runs failed children again.

        Raises:
            DumpError: the journal has impossible children.
        """
        for child in children:
            if isinstance(child, WrittenPart):
                for index, items in child.children:
                    done.note(index, items)
                    run.begin(items)
                self.take(child, run)
                continue
            if child.status != "SUCCEEDED" and child.redrive_count < self._effect.plan.redrive_count:
                continue
            if done.note(child.index, child.items):
                run.begin(child.items)
                run.end(child.status, child.items)
                self.add(child)

    def line_up(self, children: Iterable[ChildEnd] | None = None) -> None:
        """Queue these records for `add_more`; by default, the collected ones in item order."""
        kept = (child for _, child in sorted(self._kept.items()))
        self._rest = kept if children is None else iter(children)

    def add_more(self, most: int, others: Iterator[ChildEnd]) -> bool:
        """Add this many queued records, or others if none is left; return whether there were any."""
        found = list(islice(self._rest, most)) or list(islice(others, most))
        self._results += found
        return bool(found)

    @property
    def unwritten(self) -> bool:
        return bool(self._journal or self._results)

    def write(self) -> Write:
        """Return the effect that writes the pending records."""
        effect = Write(self._journal, self._results)
        self._journal, self._results = [], []
        return effect
