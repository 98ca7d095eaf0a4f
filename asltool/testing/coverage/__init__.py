"""Coverage of state machines: which states and ways were tried, and which never.

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
from typing import Any

from asltool.errors import CoverageError
from asltool.expr.encodings import bytes_of
from asltool.history.story import Story
from asltool.history.targets import Target, targets
from asltool.syntax.model import StateMachine
from asltool.testing.coverage.descriptions import describe
from asltool.testing.coverage.reached import reached

__all__ = ["Coverage", "MachineCoverage", "Target"]

_FORMAT = 1


class MachineCoverage:
    """How far the runs of one machine came. ``counts`` says how often each target was reached.

    ``definition`` is the machine's JSON, to draw it by; None where it was not given.
    """

    def __init__(self, name: str, targets: Mapping[Target, str], definition: Any = None) -> None:
        self.name = name
        self.definition = definition
        self.targets = dict(targets)
        self.counts: Counter[Target] = Counter()

    @property
    def missing(self) -> list[Target]:
        """What no run has reached, in the order of the document."""
        return [target for target in self.targets if not self.counts[target]]

    @property
    def percent(self) -> float:
        """The share of the targets that were reached, from 0 to 100."""
        return 100.0 * (len(self.targets) - len(self.missing)) / len(self.targets)

    @property
    def line(self) -> str:
        """How much was tried, in a few words."""
        tried = len(self.targets) - len(self.missing)
        return f"{tried} of {len(self.targets)} tried, {shown(self.percent)} %"

    def lines(self) -> Iterator[str]:
        """Yield the report: a line for the machine, and one for each target that is missing."""
        yield f"{self.name}: {self.line}"
        yield from (f"  not tried: {self.targets[target]}" for target in self.missing)


class Coverage:
    """How far all runs came, by machine. It can be dumped, loaded and merged, also from other processes."""

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
        """Add a run by its history; ``name`` says which machine it is of, mostly the path of its file.

        ``definition`` is the machine's JSON, which HTML draws.
        Another machine of the same name is counted apart, as ``name (2)``.

        Raises:
            HistoryError: the history is of another machine.
        """
        self.add_story(name, machine, Story(machine, events), definition=definition)

    def add_story(self, name: str, machine: StateMachine, story: Story, *, definition: Any = None) -> None:
        """Add a run whose history has been read already."""
        found = {target: describe(target, state) for target, state in targets(machine)}
        self._machine(name, found, definition).counts.update(reached(story))

    @property
    def percent(self) -> float:
        """The share of all targets that were reached, from 0 to 100; 100 where there are none."""
        every = sum(len(machine.targets) for machine in self.machines.values())
        missing = sum(len(machine.missing) for machine in self.machines.values())
        return 100.0 * (every - missing) / every if every else 100.0

    def report(self) -> str:
        """Return what was tried and what was not, a machine after the other, sorted by name."""
        lines = [line for name in sorted(self.machines) for line in self.machines[name].lines()]
        return "\n".join([*lines, f"total: {shown(self.percent)} %"])

    def merge(self, other: Coverage) -> None:
        """Add what another process has found."""
        for machine in other.machines.values():
            self._add(machine)

    def take_up(self, older: Coverage) -> None:
        """Add what was found before this, but for machines that were changed since."""
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
        """Write what `dump` returns into a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.dump(), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Coverage:
        """Take up what `write` wrote; nothing where there is no such file.

        Raises:
            CoverageError: the file is none of this version.
        """
        if not path.exists():
            return cls()
        try:
            return cls.load(json.loads(bytes_of(path)))
        except (ValueError, AttributeError, RecursionError, CoverageError) as problem:
            raise CoverageError(f"{path} cannot be added to: {problem}") from None

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> Coverage:
        """Take up what `dump` returned.

        Raises:
            CoverageError: it is nothing that this version has dumped.
        """
        if dumped.get("asltool-coverage") != _FORMAT:
            raise CoverageError(
                f'not coverage of this version: expected an object with "asltool-coverage": {_FORMAT}'
            )
        coverage = cls()
        try:
            for name, rows in dumped["machines"].items():
                if not all(_is_sound(row) for row in rows):
                    raise TypeError(f"{name} has a target that is none")
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
        """Return the machine with these targets, of all that have this name."""
        for number in count(1):
            key = _alone(name) if number == 1 else f"{_alone(name)} ({number})"
            known = self.machines.setdefault(key, MachineCoverage(key, found, definition))
            if known.targets == found:
                break
        if known.definition is None:
            known.definition = definition
        return known


def _is_sound(row: Any) -> bool:
    """Return whether this is a target as `Coverage.dump` writes it, with its text and its count."""
    state, kind, number, text, count = row
    texts, numbers = (state, kind, text), (number, count)
    return all(isinstance(each, str) for each in texts) and all(type(each) is int for each in numbers)


def _alone(name: str) -> str:
    """Return a name without the number that tells it from others of the same name."""
    return re.sub(r" \(\d+\)$", "", name)


def shown(percent: float) -> str:
    """Return a share for people: whole where it is whole, and never 100 where something is missing."""
    return f"{int(percent * 10) / 10:g}"
