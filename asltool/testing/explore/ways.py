"""How states follow one another: in one run, and in a definition.

Both are `Ways` for a `Tracer`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Protocol

from asltool.history.story import Story
from asltool.history.visits import Visit
from asltool.syntax.model import Catcher, Choice, Parallel, State, StateMachine, Succeed, Working
from asltool.syntax.stages import Part

__all__ = ["Possible", "Stay", "Taken", "Way", "Ways", "parts"]

Stay = Any
"""A state as one stayed in it: a `Visit` of a run, or the `State` itself."""

Way = tuple[Stay, Part]
"""A stay, and how it was left."""


class Ways(Protocol):
    """How stays follow one another."""

    def state(self, stay: Stay) -> State: ...

    def before(self, stay: Stay) -> list[Way]:
        """Return the ways that lead here inside the machine; none where the machine only begins."""

    def begins(self, stay: Stay) -> bool:
        """Return whether the machine may begin here."""

    def around(self, stay: Stay) -> Stay | None:
        """Return the stay in the Parallel or Map that this one is in."""

    def item(self, stay: Stay) -> int | None:
        """Return the index of the item of the Map that this stay is for; None: it may be any."""

    def ends(self, stay: Stay, machine: int, item: int) -> list[Way]:
        """Return the ways out of a machine inside a Parallel, or of a Map's iteration for an item."""


def parts(state: State, target: str | None) -> Iterator[Part]:
    """Yield the parts of a state that lead to this state; None stands for the end."""
    if isinstance(state, Choice):
        yield from (rule for rule in state.choices if rule.next == target)
        if state.default == target:
            yield state
        return
    if state.next == target and (target is not None or state.end or isinstance(state, Succeed)):
        yield state
    if isinstance(state, Working):
        yield from (catcher for catcher in state.catch if catcher.next == target)


class Taken:
    """The ways of one run; a stay is a `Visit`."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._inside: dict[int, list[Visit]] = defaultdict(list)
        for visit in story.visits:
            if visit.around is not None:
                self._inside[id(visit.around)].append(visit)

    def state(self, stay: Visit) -> State:
        return stay.state

    def before(self, stay: Visit) -> list[tuple[Visit, Part]]:
        visit = self._previous(stay)
        if visit is None:
            return []
        found = list(parts(visit.state, stay.state.name))
        caught = [part for part in found if isinstance(part, Catcher)]
        if visit.fate == "caught" and caught:
            return [(visit, part) for part in caught]
        return [(visit, part) for part in found if part not in caught] or [(visit, part) for part in found]

    def _previous(self, stay: Visit) -> Visit | None:
        number = self._story.events[stay.entered].get("previousEventId", 0)
        visit = self._story.owners[number - 1] if number else None
        return None if visit is stay.around else visit

    def begins(self, stay: Visit) -> bool:
        return self._previous(stay) is None

    def around(self, stay: Visit) -> Visit | None:
        return stay.around

    def item(self, stay: Visit) -> int:
        return stay.iteration or 0

    def ends(self, stay: Visit, machine: int, item: int) -> list[tuple[Visit, Part]]:
        names = stay.state.machines[machine].states
        inside = [visit for visit in self._inside[id(stay)] if visit.state.name in names]
        if not isinstance(stay.state, Parallel):
            inside = [visit for visit in inside if visit.iteration == item]
        return [(visit, visit.state) for visit in inside[-1:]]


class Possible:
    """The ways of a definition; a stay is a `State`."""

    def __init__(self, machine: StateMachine) -> None:
        self._before: dict[str, list[tuple[State, Part]]] = defaultdict(list)
        self._around: dict[str, State] = {}
        self._starts: set[str] = set()
        for inner in machine.walk():
            self._starts.add(inner.start_at)
            for state in inner.states.values():
                for target in dict.fromkeys(way.target for way in state.transitions()):
                    self._before[target] += [(state, part) for part in parts(state, target)]
                for inside in state.machines:
                    self._around |= dict.fromkeys(inside.states, state)

    def state(self, stay: State) -> State:
        return stay

    def before(self, stay: State) -> list[tuple[State, Part]]:
        return self._before[stay.name]

    def begins(self, stay: State) -> bool:
        return stay.name in self._starts

    def around(self, stay: State) -> State | None:
        return self._around.get(stay.name)

    def item(self, stay: State) -> None:
        return None

    def ends(self, stay: State, machine: int, item: int) -> list[tuple[State, Part]]:
        states = stay.machines[machine].states.values()
        return [(state, state) for state in states if state.end or isinstance(state, Succeed)]
