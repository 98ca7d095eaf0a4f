"""The order of states, in one run and in a definition.

Both are `Routes` for a `Tracer`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Protocol

from asltool.history.story import Story
from asltool.history.visits import Visit
from asltool.syntax.model import Catcher, Choice, Parallel, State, StateMachine, Succeed, Working
from asltool.syntax.stages import Part

__all__ = ["Exit", "Possible", "Routes", "Taken", "Waypoint", "parts"]

Waypoint = Any
"""A `Visit` in a run, or a `State` in a definition."""

Exit = tuple[Waypoint, Part]
"""A waypoint, and the part of its state that leads on: a rule, a Catcher, or the state itself."""


class Routes(Protocol):
    """The order of waypoints."""

    def state(self, waypoint: Waypoint) -> State: ...

    def before(self, waypoint: Waypoint) -> list[Exit]:
        """Return the exits that lead here inside the machine; none if it is only a start."""

    def begins(self, waypoint: Waypoint) -> bool:
        """Return whether the machine may start here."""

    def around(self, waypoint: Waypoint) -> Waypoint | None:
        """Return the waypoint of the Parallel or Map state that contains this one."""

    def item(self, waypoint: Waypoint) -> int | None:
        """Return the index of the Map item that this waypoint processes; None: any item."""

    def ends(self, waypoint: Waypoint, machine: int, item: int) -> list[Exit]:
        """Return the exits of a machine inside a Parallel, or of a Map's iteration for an item."""


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
    """The routes of one run; a waypoint is a `Visit`."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._inside: dict[int, list[Visit]] = defaultdict(list)
        for visit in story.visits:
            if visit.around is not None:
                self._inside[id(visit.around)].append(visit)

    def state(self, waypoint: Visit) -> State:
        return waypoint.state

    def before(self, waypoint: Visit) -> list[tuple[Visit, Part]]:
        visit = self._previous(waypoint)
        if visit is None:
            return []
        found = list(parts(visit.state, waypoint.state.name))
        caught = [part for part in found if isinstance(part, Catcher)]
        if visit.fate == "caught" and caught:
            return [(visit, part) for part in caught]
        return [(visit, part) for part in found if part not in caught] or [(visit, part) for part in found]

    def _previous(self, waypoint: Visit) -> Visit | None:
        number = self._story.events[waypoint.entered].get("previousEventId", 0)
        visit = self._story.owners[number - 1] if number else None
        return None if visit is waypoint.around else visit

    def begins(self, waypoint: Visit) -> bool:
        return self._previous(waypoint) is None

    def around(self, waypoint: Visit) -> Visit | None:
        return waypoint.around

    def item(self, waypoint: Visit) -> int:
        return waypoint.iteration or 0

    def ends(self, waypoint: Visit, machine: int, item: int) -> list[tuple[Visit, Part]]:
        names = waypoint.state.machines[machine].states
        inside = [visit for visit in self._inside[id(waypoint)] if visit.state.name in names]
        if not isinstance(waypoint.state, Parallel):
            inside = [visit for visit in inside if visit.iteration == item]
        return [(visit, visit.state) for visit in inside[-1:]]


class Possible:
    """The routes of a definition; a waypoint is a `State`."""

    def __init__(self, machine: StateMachine) -> None:
        self._before: dict[str, list[tuple[State, Part]]] = defaultdict(list)
        self._around: dict[str, State] = {}
        self._starts: set[str] = set()
        for inner in machine.walk():
            self._starts.add(inner.start_at)
            for state in inner.states.values():
                for target in dict.fromkeys(transition.target for transition in state.transitions()):
                    self._before[target] += [(state, part) for part in parts(state, target)]
                for inside in state.machines:
                    self._around |= dict.fromkeys(inside.states, state)

    def state(self, waypoint: State) -> State:
        return waypoint

    def before(self, waypoint: State) -> list[tuple[State, Part]]:
        return self._before[waypoint.name]

    def begins(self, waypoint: State) -> bool:
        return waypoint.name in self._starts

    def around(self, waypoint: State) -> State | None:
        return self._around.get(waypoint.name)

    def item(self, waypoint: State) -> None:
        return None

    def ends(self, waypoint: State, machine: int, item: int) -> list[tuple[State, Part]]:
        states = waypoint.machines[machine].states.values()
        return [(state, state) for state in states if state.end or isinstance(state, Succeed)]
