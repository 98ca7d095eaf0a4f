"""The order of jobs and crawlers: one after another, side by side, or only if a trigger fires.

A state machine has blocks, a workflow has a graph. Independent parts run side by side until they join; if
blocks cannot express the graph, a unit waits for more than its trigger does. `waits` says where.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from asltool.convert.glue.firing import Firing, TriggerCondition, Unit
from asltool.convert.glue.workflow import Trigger

__all__ = ["Gate", "PlanStep", "RunUnit", "SideBySide", "Switch", "plan_of", "waits"]


class RunUnit(NamedTuple):
    """Run a unit. If it fails, the execution fails unless the failure is ``caught``.

    A caught failure ``skips`` the following steps if none of them can run after it.
    """

    unit: Unit
    caught: bool
    skips: bool


class SideBySide(NamedTuple):
    """Run branches side by side."""

    branches: tuple[tuple[PlanStep, ...], ...]


class Gate(NamedTuple):
    """Run these steps if the trigger fires."""

    trigger: Trigger
    steps: tuple[PlanStep, ...]


class Switch(NamedTuple):
    """Run the steps of the one gate whose trigger fires, if one does."""

    gates: tuple[Gate, ...]


PlanStep: TypeAlias = RunUnit | SideBySide | Gate | Switch

Units: TypeAlias = tuple[Unit, ...]


@dataclass(frozen=True)
class _Seen:
    """What is certain at a step: triggers that have fired, units that have succeeded, whether others run."""

    fired: frozenset[Trigger]
    succeeded: frozenset[Unit] = frozenset()
    beside: bool = False


def plan_of(firing: Firing) -> tuple[PlanStep, ...]:
    """Return the steps of a workflow."""
    starts = {unit.trigger for unit in firing.units if unit.trigger.starts}
    always = frozenset(starts if len(starts) == 1 else ())
    return _Planner(firing).steps(firing.units, _Seen(always))


def waits(firing: Firing, steps: Sequence[PlanStep]) -> Iterator[tuple[Unit, list[Unit]]]:
    """Yield the units that wait for more than the graph says, and for which other units."""
    needed: dict[Unit, frozenset[Unit]] = {}
    for unit in firing.units:
        direct = firing.before(unit)
        needed[unit] = direct.union(*(needed[each] for each in direct))
    for unit, ended in _ended(steps, ()):
        more = [each for each in ended if each not in needed[unit]]
        if more:
            yield unit, more


def _ended(steps: Sequence[PlanStep], before: Units) -> Iterator[tuple[Unit, Units]]:
    """Yield every unit with those that have ended before it starts."""
    for step in steps:
        if isinstance(step, RunUnit):
            yield step.unit, before
        else:
            for inner in _inside(step):
                yield from _ended(inner, before)
        before += tuple(_units_in([step]))


def _inside(step: SideBySide | Gate | Switch) -> list[tuple[PlanStep, ...]]:
    if isinstance(step, SideBySide):
        return list(step.branches)
    return [step.steps] if isinstance(step, Gate) else [gate.steps for gate in step.gates]


def _units_in(steps: Sequence[PlanStep]) -> Iterator[Unit]:
    for step in steps:
        if isinstance(step, RunUnit):
            yield step.unit
        else:
            for inner in _inside(step):
                yield from _units_in(inner)


class _Planner:
    def __init__(self, firing: Firing) -> None:
        self.firing = firing

    def steps(self, units: Units, seen: _Seen) -> tuple[PlanStep, ...]:
        """Return the steps for units; whatever else they depend on has ended."""
        steps: list[PlanStep] = []
        while units:
            guard = self._guard(units, seen)
            parts = self._parts(units)
            if guard is not None and self._is_sure(guard, seen):
                seen = self._after(guard, seen)
            elif guard is not None:
                return (*steps, Gate(guard, self.steps(units, self._after(guard, seen))))
            elif len(parts) > 1:
                parts = self._guarded(parts, seen)
                return (*steps, self._switch(parts, seen) or self._fork(parts, seen))
            else:
                step, units, seen = self._first(units, seen)
                steps.append(step)
        return tuple(steps)

    def _guarded(self, parts: Sequence[Units], seen: _Seen) -> list[Units]:
        """Return the parts, with those that need the same trigger combined."""
        found: dict[Trigger | Unit, Units] = {}
        for part in parts:
            key = self._guard(part, seen) or part[0]
            found[key] = (*found.get(key, ()), *part)
        return list(found.values())

    def _fork(self, parts: Sequence[Units], seen: _Seen) -> SideBySide:
        inside = _Seen(seen.fired, seen.succeeded, beside=True)
        return SideBySide(tuple(self.steps(part, inside) for part in parts))

    def _switch(self, parts: Sequence[Units], seen: _Seen) -> Switch | None:
        """Return a switch for parts of which one at most can run."""
        gates: list[Gate] = []
        for part in parts:
            guard = self._guard(part, seen)
            if guard is None or not all(self._exclude(guard, each.trigger) for each in gates):
                return None
            gates.append(Gate(guard, self.steps(part, self._after(guard, seen))))
        return Switch(tuple(gates))

    def _first(self, units: Units, seen: _Seen) -> tuple[PlanStep, Units, _Seen]:
        """Return the first step for units that all depend on one another, what is left, and what is known."""
        groups, later = self._groups(units)
        if len(groups) > 1:
            fork = self._fork(self._guarded(groups, seen), seen)
            return (fork if len(fork.branches) > 1 else fork.branches[0][0]), later, seen
        first, rest = units[0], units[1:]
        if first.trigger not in seen.fired and not self._is_sure(first.trigger, seen):
            # The next steps may run without this unit, and after its failure.
            return Gate(first.trigger, (RunUnit(first, caught=True, skips=False),)), rest, seen
        alive = self._can_run(rest, failed=first)
        run = RunUnit(first, caught=seen.beside or alive, skips=not alive)
        succeeded = seen.succeeded if alive else seen.succeeded | {first}
        return run, rest, _Seen(seen.fired, succeeded, seen.beside)

    def _inner(self, unit: Unit, units: Collection[Unit]) -> list[Unit]:
        return [each for each in self.firing.before(unit) if each in units]

    def _parts(self, units: Units) -> list[Units]:
        """Return the parts that do not depend on one another."""
        parts: list[set[Unit]] = []
        inside = frozenset(units)
        for unit in units:
            linked = {unit, *self._inner(unit, inside)}
            for part in [each for each in parts if each & linked]:
                parts.remove(part)
                linked |= part
            parts.append(linked)
        ordered = [tuple(unit for unit in units if unit in part) for part in parts]
        return sorted(ordered, key=lambda part: units.index(part[0]))

    def _groups(self, units: Units) -> tuple[list[Units], Units]:
        """Return the parts that run side by side until they join, and the later ones."""
        group: dict[Unit, Unit] = {}
        inside = frozenset(units)
        for unit in units:
            before = self._inner(unit, inside)
            owners = {group.get(each) for each in before}
            if not before:
                group[unit] = unit
            elif len(owners) == 1 and (owner := owners.pop()) is not None:
                group[unit] = owner
        owners_in_order = dict.fromkeys(group.values())
        groups = [tuple(unit for unit in units if group.get(unit) is owner) for owner in owners_in_order]
        return groups, tuple(unit for unit in units if unit not in group)

    # Triggers

    def _guard(self, units: Units, seen: _Seen) -> Trigger | None:
        """Return a trigger that can be decided and that all of these units need."""
        for unit in units:
            trigger = unit.trigger
            if (
                trigger not in seen.fired
                and not self._inner(unit, units)
                and not self._can_run(units, without=trigger)
            ):
                return trigger
        return None

    def _can_run(self, units: Units, failed: Unit | None = None, without: Trigger | None = None) -> bool:
        """Return whether any of these units can run if one has failed, or if a trigger does not fire."""
        inside = frozenset(units)
        return any(self._possible(each, inside, failed) for each in units if each.trigger is not without)

    def _possible(self, unit: Unit, units: Collection[Unit], failed: Unit | None) -> bool:
        """Return whether a unit's trigger can still fire; ``units`` have not run yet."""

        def possible(watch: TriggerCondition) -> bool:
            return any(
                watch.state != "SUCCEEDED" if each is failed else each not in units for each in watch.units
            )

        watches = [possible(each) for each in self.firing.watches[unit.trigger]]
        return (any if unit.trigger.is_any else all)(watches) if watches else True

    def _is_sure(self, trigger: Trigger, seen: _Seen) -> bool:
        """Return whether a trigger fires for certain."""
        met = [
            each.state == "SUCCEEDED" and not seen.succeeded.isdisjoint(each.units)
            for each in self.firing.watches[trigger]
        ]
        return bool(met) and (any if trigger.is_any else all)(met)

    def _after(self, trigger: Trigger, seen: _Seen) -> _Seen:
        """Return what is certain once a trigger has fired."""
        demands = self._demands(trigger)
        known = [unit for unit, states in demands.items() if states == {"SUCCEEDED"}]
        return _Seen(seen.fired | {trigger}, seen.succeeded.union(known), seen.beside)

    def _exclude(self, one: Trigger, other: Trigger) -> bool:
        """Return whether two triggers cannot both fire: they wait for different ends of the same unit."""
        if one.starts and other.starts:
            return True
        first, second = self._demands(one), self._demands(other)
        return any(first[unit].isdisjoint(second[unit]) for unit in first.keys() & second.keys())

    def _demands(self, trigger: Trigger) -> dict[Unit, frozenset[str]]:
        """Return the units that must have run for a trigger to fire, and how they must have ended."""
        watches = [each for each in self.firing.watches[trigger] if len(each.units) == 1]
        if not trigger.is_any:
            return {each.units[0]: frozenset([each.state]) for each in watches}
        units = {each.units[0] for each in watches}
        if len(units) != 1 or len(watches) < len(self.firing.watches[trigger]):
            return {}
        [unit] = units
        return {unit: frozenset(each.state for each in watches)}
