"""The triggers of a workflow that can fire, and the jobs and crawlers that each of them waits for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from asltool.convert.glue.workflow import GlueAction, GlueCondition, GlueNode, Trigger, Workflow

__all__ = ["Firing", "TriggerCondition", "Unit", "firing_of"]

_LONGEST = 60
"""Characters of a key, so that the names of states have at most 80."""


@dataclass(frozen=True, eq=False)
class Unit:
    """A job or crawler as one trigger starts it. ``key`` is unique in the workflow."""

    key: str
    trigger: Trigger
    action: GlueAction


@dataclass(frozen=True, eq=False)
class TriggerCondition:
    """A condition of a trigger: one of ``units`` has ended in ``state``."""

    units: tuple[Unit, ...]
    state: str


@dataclass(frozen=True)
class Firing:
    """The units of a workflow in a valid order, and what each trigger waits for.

    ``same`` are triggers that another one replaces, ``notes`` say what is left out.
    """

    units: tuple[Unit, ...]
    watches: Mapping[Trigger, tuple[TriggerCondition, ...]]
    same: Mapping[Trigger, Sequence[Trigger]]
    notes: tuple[str, ...]

    def before(self, unit: Unit) -> frozenset[Unit]:
        """Return the units that the trigger of a unit watches."""
        return frozenset(each for watch in self.watches[unit.trigger] for each in watch.units)

    def handles(self, unit: Unit) -> bool:
        """Return whether a trigger waits for a unit to fail or to be stopped."""
        return any(
            unit in watch.units and watch.state != "SUCCEEDED"
            for watches in self.watches.values()
            for watch in watches
        )


def firing_of(workflow: Workflow) -> Firing:
    """Return what can run in a workflow.

    A trigger that waits for units that run only after it fires once. If several triggers start a workflow
    with the same actions, the first one replaces the others.
    """
    same: defaultdict[Trigger, list[Trigger]] = defaultdict(list)
    first: list[Trigger] = []
    for trigger in workflow.triggers:
        equal = (each for each in first if each.starts and each.actions == trigger.actions)
        if trigger.starts and (known := next(equal, None)) is not None:
            same[known].append(trigger)
        else:
            first.append(trigger)
    live = _live(first)
    notes = [_never(each, live) for each in first if each not in live]
    units: list[Unit] = []
    watches: dict[Trigger, tuple[TriggerCondition, ...]] = {}
    while len(watches) < len(live):
        trigger = _next(live, watches)
        placed = _nodes(watches)
        notes += [_dropped(trigger, each, live) for each in trigger.conditions if each.node not in placed]
        watches[trigger] = tuple(
            TriggerCondition(tuple(unit for unit in units if unit.action.node == each.node), each.state)
            for each in trigger.conditions
            if each.node in placed
        )
        if not trigger.actions:
            notes.append(trigger.said((), f"{trigger} starts nothing. it is left out"))
        for action in trigger.actions:
            taken = {unit.key for unit in units}
            units.append(Unit(_key(action.node, trigger.name, taken), trigger, action))
    return Firing(tuple(units), watches, same, tuple(notes))


def _nodes(triggers: Iterable[Trigger]) -> set[GlueNode]:
    return {action.node for trigger in triggers for action in trigger.actions}


def _can_fire(trigger: Trigger, started: Collection[GlueNode]) -> bool:
    met = [each.node in started for each in trigger.conditions]
    return trigger.starts or (any(met) if trigger.is_any else bool(met) and all(met))


def _live(triggers: Iterable[Trigger]) -> list[Trigger]:
    """Return the triggers that can fire, each after those that start what it waits for."""
    live: list[Trigger] = []
    left = list(triggers)
    while ready := [each for each in left if _can_fire(each, _nodes(live))]:
        live += ready
        left = [each for each in left if each not in ready]
    return live


def _next(live: list[Trigger], ordered: Collection[Trigger]) -> Trigger:
    """Return a trigger that waits only for units that are already placed; in a cycle, the first one."""
    left = [each for each in live if each not in ordered]
    coming = _nodes(left)
    free = (each for each in left if not any(one.node in coming for one in each.conditions))
    return next(free, left[0])


def _never(trigger: Trigger, live: list[Trigger]) -> str:
    started = _nodes(live)
    missing = dict.fromkeys(str(each.node) for each in trigger.conditions if each.node not in started)
    waits = f"no trigger that can fire starts {' or '.join(missing)}" if missing else "it has no conditions"
    lost = " and ".join(str(action.node) for action in trigger.actions)
    return trigger.said(
        (), f"{trigger} can never fire: {waits}. it is left out" + (lost and f", with {lost}")
    )


def _dropped(trigger: Trigger, condition: GlueCondition, live: list[Trigger]) -> str:
    message = f"{trigger} cannot wait for {condition.node}, which "
    message += "only runs after it" if condition.node in _nodes(live) else "no trigger that can fire starts"
    return trigger.said(
        ("Predicate", "Conditions", condition.number), f"{message}. this condition is left out"
    )


def _key(node: GlueNode, trigger: str, taken: Collection[str]) -> str:
    name = node.name[:_LONGEST]
    names = (name, f"{name} ({trigger})"[:_LONGEST])
    numbered = (f"{name} ({number})" for number in count(2))
    return next(each for each in chain(names, numbered) if each not in taken)
