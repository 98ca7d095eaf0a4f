"""The pending writes of a map run: to its journal, and to its results, at once or sorted at the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from asltool.engine.effects import StartMapRun
from asltool.engine.map_children import ChildExecutions
from asltool.engine.map_effects import Write
from asltool.engine.map_io import ChildEnd, WriteResults, WrittenPart

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
