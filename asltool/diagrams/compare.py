"""The difference between two versions of a machine, as a drawing and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from asltool.diagrams.captions import ShownTransitions, detail, shown_transitions
from asltool.diagrams.highlight import DrawnStatus, Highlight, NamedTransition
from asltool.diagrams.labels import shorten, visible
from asltool.expr.values import dumps, json_equal
from asltool.syntax.model import ABSENT, Parallel, Pointer, State, StateMachine
from asltool.syntax.text import at

__all__ = ["DefinitionDiff", "Version", "compare"]

_MACHINES: Final = frozenset(("Branches", "ItemProcessor", "Iterator", "States"))
"""What holds states, which are compared one by one."""

_TRANSITIONS: Final = frozenset(("Next", "End", "Default"))
"""Fields that only give transitions, which are compared separately."""

_VALUE_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Version:
    """A machine and the JSON that it was built from."""

    machine: StateMachine
    definition: Any


@dataclass(frozen=True, slots=True)
class DefinitionDiff:
    """``highlight`` is the overlay for the new version; ``lines`` are the same as text, for a review."""

    highlight: Highlight
    lines: tuple[str, ...]


def compare(old: Version, new: Version) -> DefinitionDiff:
    """Compare two versions of a machine; states with the same name are the same state."""
    return _Comparer(old, new).result()


def _states(machine: StateMachine) -> dict[str, State]:
    return {state.name: state for state in machine.walk_states()}


class _Comparer:
    def __init__(self, old: Version, new: Version) -> None:
        self._old, self._new = old, new
        self._before, self._after = _states(old.machine), _states(new.machine)
        self._statuses: dict[str, DrawnStatus] = {}
        self._changes: dict[NamedTransition, DrawnStatus] = {}
        self._former: dict[str, ShownTransitions] = {}
        self._removed: dict[Pointer, dict[str, State]] = {}
        self._lines: list[str] = []
        self._notes: dict[str | NamedTransition, Sequence[str]] = {}

    def result(self) -> DefinitionDiff:
        self._lines += self._fields("", self._old.machine, self._new.machine)
        for name in {**self._after, **self._before}:
            self._state(name)
        self._starts(self._old.machine, self._new.machine)
        self._gone(self._old.machine, self._new.machine)
        former = {name: at(self._old.definition, state.pointer) for name, state in self._before.items()}
        shown = Highlight(
            self._statuses,
            {},
            {},
            edges=self._changes,
            former=self._former,
            removed=self._removed,
            notes=self._notes,
            definitions=former,
        )
        return DefinitionDiff(shown, (self._summary(), *self._lines))

    def _summary(self) -> str:
        count = Counter(self._statuses.values())
        kinds: tuple[DrawnStatus, ...] = ("added", "removed", "changed")
        counted = ", ".join(f"{count[kind]} {kind}" for kind in kinds if count[kind])
        if counted:
            return f"states: {counted}"
        return "the transitions differ" if self._lines else "no difference"

    def _state(self, name: str) -> None:
        before, after = self._before.get(name), self._after.get(name)
        if before is None or after is None:
            state = before or after
            assert state is not None
            self._one_sided(state, "added" if before is None else "removed")
            return
        lines = [*self._fields("", before, after), *self._transitions(before, after)]
        for number, (former, later) in enumerate(zip(before.machines, after.machines, strict=False)):
            place = f"Branches[{number}]." if isinstance(after, Parallel) else "ItemProcessor."
            lines += self._fields(place, former, later)
        self._statuses[name] = "changed" if lines else "same"
        if lines:
            self._lines += [f"~ {visible(name)}", *(f"    {line}" for line in lines)]
            self._notes[name] = lines

    def _one_sided(self, state: State, status: DrawnStatus) -> None:
        self._statuses[state.name] = status
        for target, caught in shown_transitions(state):
            self._changes[NamedTransition(state.name, target, caught)] = status
        sign = "+" if status == "added" else "-"
        kind = detail(state)
        what = kind if kind.startswith(state.type) else f"{state.type}, {kind}"
        self._lines.append(f"{sign} {visible(state.name)} ({what})")

    def _fields(self, place: str, before: State | StateMachine, after: State | StateMachine) -> Iterator[str]:
        """Yield a line for each field that differs, except for those that are compared separately."""
        old = _plain(at(self._old.definition, before.pointer))
        new = _plain(at(self._new.definition, after.pointer))
        for name in {**new, **old}:
            if not self._is_in_transitions(name, before, after):
                yield from _differences(f"{place}{name}", old.get(name, ABSENT), new.get(name, ABSENT))

    def _is_in_transitions(
        self, field: str, before: State | StateMachine, after: State | StateMachine
    ) -> bool:
        if isinstance(before, StateMachine) or isinstance(after, StateMachine):
            return False
        return field in ("Catch", "Choices") and shown_transitions(before) != shown_transitions(after)

    def _transitions(self, before: State, after: State) -> Iterator[str]:
        old, new = shown_transitions(before), shown_transitions(after)
        for target, caught in {**new, **old}:
            key = (target, caught)
            transition = NamedTransition(after.name, target, caught)
            where = (
                f"{'Catch' if caught else 'transition'} to {'the end' if target is None else visible(target)}"
            )
            if key not in old:
                self._changes[transition] = "added"
                yield f"+ {where}{_on(new[key])}"
            elif key not in new:
                self._changes[transition] = "removed"
                self._former.setdefault(after.name, {})[key] = old[key]
                yield f"- {where}{_on(old[key])}"
            elif old[key] != new[key]:
                self._changes[transition] = "changed"
                yield f"~ {where}: {_joined(old[key])} → {_joined(new[key])}"
                self._notes[transition] = [f"was: {_joined(old[key])}", f"now: {_joined(new[key])}"]
            else:
                self._changes[transition] = "same"

    def _starts(self, old: StateMachine, new: StateMachine) -> None:
        """Record which start states are added, removed or unchanged, at every level."""
        starts = {machine.start_at for machine in old.walk()}
        for machine in new.walk():
            status: DrawnStatus = "same" if machine.start_at in starts else "added"
            self._changes[NamedTransition(None, machine.start_at)] = status
        for machine in old.walk():
            if machine.start_at not in self._after:
                self._changes[NamedTransition(None, machine.start_at)] = "removed"

    def _gone(self, old: StateMachine, new: StateMachine) -> None:
        """Record the removed states of a machine and of nested ones, by the machine that shows them now."""
        removed = {name: state for name, state in old.states.items() if name not in self._after}
        self._removed.setdefault(new.pointer, {}).update(removed)
        for name, state in new.states.items():
            before = old.states.get(name)
            if before is None or before.type != state.type:
                continue
            # Removed branches are shown beside the last remaining one.
            for number, machine in enumerate(before.machines):
                self._gone(machine, state.machines[min(number, len(state.machines) - 1)])


def _plain(fields: Any) -> dict[str, Any]:
    """Return the fields that are compared as values."""
    if not isinstance(fields, Mapping):
        return {}
    return {name: value for name, value in fields.items() if name not in _MACHINES | _TRANSITIONS}


def _differences(place: str, old: Any, new: Any) -> Iterator[str]:
    """Yield a line for each difference, at the deepest level at which both have the same structure."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in {**new, **old}:
            yield from _differences(f"{place}.{name}", old.get(name, ABSENT), new.get(name, ABSENT))
    elif isinstance(old, list) and isinstance(new, list):
        for index, (before, after) in enumerate(zip_longest(old, new, fillvalue=ABSENT)):
            yield from _differences(f"{place}[{index}]", before, after)
    elif old is ABSENT:
        yield f"+ {visible(place)}: {_shown(new)}"
    elif new is ABSENT:
        yield f"- {visible(place)}: {_shown(old)}"
    elif not json_equal(old, new):
        yield f"~ {visible(place)}: {_shown(old)} → {_shown(new)}"


def _shown(value: Any) -> str:
    return shorten(visible(dumps(value)), _VALUE_LENGTH)


def _joined(texts: Sequence[str]) -> str:
    return visible(" or ".join(texts))


def _on(texts: Sequence[str]) -> str:
    return f" on {_joined(texts)}" if texts else ""
