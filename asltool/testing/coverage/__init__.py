"""Coverage of state machines: which states and transitions were covered, and which were not.

::

    coverage = Coverage()
    coverage.add("etl.asl.json", machine.model, run.history)
    print(coverage.report())
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asltool.errors import CoverageError
from asltool.expr.encodings import bytes_of
from asltool.history.shape import details_of
from asltool.history.story import Story
from asltool.history.targets import Target, targets
from asltool.syntax.model import Map, StateMachine
from asltool.testing.coverage.descriptions import describe
from asltool.testing.coverage.reached import reached

if TYPE_CHECKING:
    from asltool.testing.runs import MachineRun

__all__ = ["Coverage", "MachineCoverage", "Target"]

_FORMAT = 1


def _processor(machine: StateMachine, events: Sequence[Mapping[str, Any]]) -> StateMachine:
    """Return the processor of the Map that these events of a child execution belong to."""
    first = next(details_of(event)["name"] for event in events if event["type"].endswith("StateEntered"))
    maps = (state for state in machine.walk_states() if isinstance(state, Map))
    return next(map_.item_processor for map_ in maps if first in map_.item_processor.states)


class MachineCoverage:
    """The coverage of one machine. ``counts`` says how often each target was reached.

    ``definition`` is the machine's JSON, from which it is drawn; None if it was not given.
    """

    def __init__(self, name: str, targets: Mapping[Target, str], definition: Any = None) -> None:
        self.name = name
        self.definition = definition
        self.targets = dict(targets)
        self.counts: Counter[Target] = Counter()

    @property
    def missing(self) -> list[Target]:
        """The targets that no run has reached, in document order."""
        return [target for target in self.targets if not self.counts[target]]

    @property
    def percent(self) -> float:
        """The percentage of targets that were reached."""
        return 100.0 * (len(self.targets) - len(self.missing)) / len(self.targets)

    @property
    def line(self) -> str:
        """A summary in a few words."""
        covered = len(self.targets) - len(self.missing)
        return f"{covered} of {len(self.targets)} covered, {shown(self.percent)} %"

    def lines(self) -> Iterator[str]:
        """Yield the report: a line for the machine, and one for each target that is missing."""
        yield f"{self.name}: {self.line}"
        yield from (f"  not covered: {self.targets[target]}" for target in self.missing)


class Coverage:
    """The coverage of all runs, by machine. It can be dumped, loaded and merged, also across processes."""

    def __init__(self) -> None:
        self.machines: dict[str, MachineCoverage] = {}

    def add(
        self,
        name: str,
        machine: StateMachine,
        events: Sequence[Mapping[str, Any]],
        *,
        definition: Any = None,
    ) -> None:
        """Add a run by its history; ``name`` identifies its machine and is usually the path of its file.

        ``definition`` is the machine's JSON, from which HTML pages are drawn.
        Another machine of the same name is counted separately, as ``name (2)``.

        Raises:
            HistoryError: the history is of another machine.
        """
        self.add_story(name, machine, Story(machine, events), definition=definition)

    def add_run(self, run: MachineRun) -> None:
        """Add a run under test, with its nested executions and the children of its distributed Maps."""
        self.add_story(run.source, run.machine.model, run.story, definition=run.machine.definition)
        for execution in run.others:
            name, _, label = execution.identity.state_machine.partition("/")
            machine = next((each for each in run.nested.values() if each.name == name), run.machine)
            model = _processor(machine.model, execution.history) if label else machine.model
            source = run.source if machine is run.machine else run.sources[name]
            self._count(source, machine.model, Story(model, execution.history), machine.definition)

    def add_story(self, name: str, machine: StateMachine, story: Story, *, definition: Any = None) -> None:
        """Add a run whose history has already been read."""
        self._count(name, machine, story, definition)

    def _count(self, name: str, machine: StateMachine, story: Story, definition: Any) -> None:
        """Count what a run reached of a machine, or of a part of it."""
        found = {target: describe(target, state) for target, state in targets(machine)}
        self._machine(name, found, definition).counts.update(reached(story))

    @property
    def percent(self) -> float:
        """The percentage of all targets that were reached; 100 if there are none."""
        every = sum(len(machine.targets) for machine in self.machines.values())
        missing = sum(len(machine.missing) for machine in self.machines.values())
        return 100.0 * (every - missing) / every if every else 100.0

    def report(self) -> str:
        """Return what was covered and what was not, machine by machine, sorted by name."""
        lines = [line for name in sorted(self.machines) for line in self.machines[name].lines()]
        return "\n".join([*lines, f"total: {shown(self.percent)} %"])

    def merge(self, other: Coverage) -> None:
        """Add the coverage of another process."""
        for machine in other.machines.values():
            self._add(machine)

    def take_up(self, older: Coverage) -> None:
        """Add earlier coverage, except of machines that have changed since."""
        current = defaultdict[str, list[Any]](list)
        for name, machine in self.machines.items():
            current[_alone(name)].append(machine.targets)
        for name, machine in older.machines.items():
            if not current[_alone(name)] or machine.targets in current[_alone(name)]:
                self._add(machine)

    def dump(self) -> dict[str, Any]:
        """Return everything as JSON."""
        machines = {
            name: [[*target, text, machine.counts[target]] for target, text in machine.targets.items()]
            for name, machine in self.machines.items()
        }
        definitions = {name: machine.definition for name, machine in self.machines.items()}
        return {"asltool-coverage": _FORMAT, "machines": machines, "definitions": definitions}

    def write(self, path: Path) -> None:
        """Write `dump` to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.dump(), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Coverage:
        """Load what `write` wrote; empty if there is no such file.

        Raises:
            CoverageError: the file is not from this version.
        """
        if not path.exists():
            return cls()
        try:
            return cls.load(json.loads(bytes_of(path)))
        except (ValueError, AttributeError, RecursionError, CoverageError) as problem:
            raise CoverageError(f"{path} cannot be added to: {problem}") from None

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> Coverage:
        """Load what `dump` returned.

        Raises:
            CoverageError: it is not from this version.
        """
        if dumped.get("asltool-coverage") != _FORMAT:
            raise CoverageError(
                f'not coverage of this version: expected an object with "asltool-coverage": {_FORMAT}'
            )
        coverage = cls()
        try:
            for name, rows in dumped["machines"].items():
                if not all(_is_sound(row) for row in rows):
                    raise TypeError(f"{name} has an invalid target")
                found = {Target(*row[:3]): row[3] for row in rows}
                machine = MachineCoverage(name, found, dumped["definitions"][name])
                machine.counts.update({Target(*row[:3]): row[4] for row in rows if row[4]})
                coverage.machines[name] = machine
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as problem:
            raise CoverageError(f"the coverage is damaged: {problem!r}") from problem
        return coverage

    def _add(self, machine: MachineCoverage) -> None:
        known = self._machine(machine.name, machine.targets, machine.definition)
        known.counts.update(machine.counts)

    def _machine(self, name: str, found: Mapping[Target, str], definition: Any) -> MachineCoverage:
        """Return the machine with these targets among those with this name."""
        for number in count(1):
            key = _alone(name) if number == 1 else f"{_alone(name)} ({number})"
            known = self.machines.setdefault(key, MachineCoverage(key, found, definition))
            if known.targets == found:
                break
        if known.definition is None:
            known.definition = definition
        return known


def _is_sound(row: Any) -> bool:
    """Return whether this is a target in `Coverage.dump`'s format, with its text and count."""
    state, kind, number, text, count = row
    texts, numbers = (state, kind, text), (number, count)
    return all(isinstance(each, str) for each in texts) and all(type(each) is int for each in numbers)


def _alone(name: str) -> str:
    """Return a name without the number that distinguishes equal names."""
    return re.sub(r" \(\d+\)$", "", name)


def shown(percent: float) -> str:
    """Return a percentage as text, rounded down so that it is 100 only if nothing is missing."""
    return f"{int(percent * 10) / 10:g}"
