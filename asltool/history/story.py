"""A parsed history: visits, transitions taken, and the fates of states.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from asltool.errors import HistoryError
from asltool.history.event_types import EventType, type_of
from asltool.history.shape import details_of, misshapen
from asltool.history.visits import Attempt, Fate, NamedTransition, Visit
from asltool.syntax.model import Choice, Fail, State, StateMachine, Succeed

__all__ = ["Story"]

_FAIL_WITH_A_STATE = ("execution", "iteration", "map", "parallel")
"""What fails because a state in it has failed."""


class Story:
    """The events of one execution, oldest first, and what they mean; positions count from 0.

    ``visits`` are in the order of entering. ``owners`` has the visit that each event belongs to.
    ``transitions`` has those that the run took and ``fates`` the outcomes of states, each with the position
    of the event that shows it, in order.

    Raises:
        HistoryError: an event has another shape than in GetExecutionHistory, or is about a state that the
        machine does not have.
    """

    def __init__(self, machine: StateMachine, events: Sequence[Mapping[str, Any]]) -> None:
        self._reader = _VisitReader(machine)
        self.events: list[Mapping[str, Any]] = []
        self.visits: Sequence[Visit] = self._reader.visits
        self.owners: Sequence[Visit | None] = self._reader.owners
        self.transitions: list[tuple[int, NamedTransition]] = []
        self.fates: Sequence[tuple[int, tuple[Visit, Fate]]] = self._reader.fates
        self.extend(events)

    def extend(self, events: Sequence[Mapping[str, Any]]) -> None:
        """Read the next events, up to a point where the execution waits.

        Raises:
            HistoryError: see the class.
        """
        if problem := misshapen(events):
            raise HistoryError(problem)
        reader, begin = self._reader, len(self.events)
        for event in events:
            reader.read(event)
        self.events += events
        found = [*reader.transitions, *reader.ends(begin)]
        self.transitions += sorted(found, key=lambda each: each[0])
        reader.transitions.clear()

    def owner_of(self, event_id: int) -> Visit | None:
        """Return the visit that an event belongs to, by its ``id``."""
        return self._reader.owner_of(event_id)

    @property
    def ended(self) -> bool:
        """Whether the execution has ended."""
        if not self.events:
            return False
        last = type_of(self.events[-1]["type"])
        return last.subject == "execution" and last.phase in ("succeeded", "failed", "timed out", "aborted")

    def path_to_failure(self) -> list[NamedTransition]:
        """Return the transitions to the state in which an execution failed, without loops.

        Transitions inside a failed Parallel or Map follow those that lead to it. There are none if the
        execution did not fail.
        """
        last = type_of(self.events[-1]["type"]) if self.events else None
        if last is None or last.subject != "execution" or last.phase not in ("failed", "timed out"):
            return []
        path: list[NamedTransition] = []
        visit = next((each for each in reversed(self.visits) if each.around is None), None)
        while visit is not None:
            path += _path(visit)
            inside = (each for each in reversed(self.visits) if each.around is visit)
            visit = next((each for each in inside if each.fate == "failed"), None)
        return path


def _path(visit: Visit) -> Iterator[NamedTransition]:
    """Yield the transitions from the start of a machine or branch to a visit, without loops."""
    path = [visit]
    while visit.before is not None:
        visit = visit.before
        again = next((at for at, later in enumerate(path) if later.state is visit.state), None)
        path = [*path[: again + 1]] if again is not None else [*path, visit]
    path.reverse()
    yield NamedTransition(None, path[0].state.name)
    for left, entered in pairwise(path):
        yield NamedTransition(left.state.name, entered.state.name, left.fate == "caught")


class _NestedState(NamedTuple):
    """A state and the name of the Parallel or Map that contains it."""

    state: State
    around: str | None


def _places(machine: StateMachine, around: str | None = None) -> Iterator[tuple[str, _NestedState]]:
    for name, state in machine.states.items():
        yield name, _NestedState(state, around)
        for inner in state.machines:
            yield from _places(inner, name)


class _VisitReader:
    """Follows the events by ``previousEventId`` and finds the visit of each."""

    def __init__(self, machine: StateMachine) -> None:
        self.visits: list[Visit] = []
        self.owners: list[Visit | None] = []
        self.transitions: list[tuple[int, NamedTransition]] = []
        self.fates: list[tuple[int, tuple[Visit, Fate]]] = []
        self._places = dict(_places(machine))
        self._rows: dict[int, EventType] = {}
        self._owners: dict[int, Visit | None] = {}
        self._iterations: dict[int, int] = {}
        """The index of the iteration that an event of a Map opens."""
        self._entered: dict[str, dict[int, Visit]] = defaultdict(dict)
        """The visits of a state by the event before."""
        self._exits: dict[int, tuple[int, Visit, bool]] = {}
        """The events with which a state was left, as long as no other was entered after them."""

    def read(self, event: Mapping[str, Any]) -> None:
        number, previous, row = event["id"], event.get("previousEventId", 0), type_of(event["type"])
        details = details_of(event)
        if row.phase == "entered":
            owner: Visit | None = self._enter(event[row.details], previous)
        elif row.phase == "exited":
            owner = self._exit(event[row.details], number, previous)
        elif row.subject == "evaluation":
            # Its previous event is the one before the state was entered.
            visits = self._entered[self._known(event[row.details]["state"])]
            owner = visits.get(previous) or next(reversed(visits.values()), None)
            self._fail(owner, details)
        else:
            owner = self._owner(row, previous)
            self._note(owner, row, previous, details)
            if row.subject == "iteration" and row.phase == "started":
                self._iterations[number] = details.get("index", 0)
        self._rows[number] = row
        self._owners[number] = owner
        self.owners.append(owner)

    def owner_of(self, event_id: int) -> Visit | None:
        return self._owners.get(event_id)

    def ends(self, begin: int) -> Iterator[tuple[int, NamedTransition]]:
        """Yield the transitions to the end of a machine or branch, for final states left since an event."""
        for position, visit, failed in reversed(self._exits.values()):
            if position < begin:
                break
            if not failed and (visit.state.end or isinstance(visit.state, Succeed)):
                yield position, NamedTransition(visit.state.name, None)

    @property
    def _now(self) -> int:
        return len(self.owners)

    def _known(self, name: str) -> str:
        if name not in self._places:
            raise HistoryError(f'the history is of another machine: there is no state "{name}"')
        return name

    def _enter(self, details: Mapping[str, Any], previous: int) -> Visit:
        name = self._known(details["name"])
        _, left, failed = self._exits.pop(previous, (0, None, False))
        visit = Visit(self._places[name].state, self._now, before=left, input=details.get("input"))
        self._place(visit, previous)
        self._take(NamedTransition(None, name) if left is None else self._transition(left, failed, name))
        self.visits.append(visit)
        self._entered[name][previous] = visit
        self._decide(visit, "unfinished")
        if isinstance(visit.state, Fail):
            self._decide(visit, "failed")
            visit.error, visit.cause = visit.state.error, visit.state.cause
            self._take(NamedTransition(name, None))
        return visit

    def _place(self, visit: Visit, previous: int) -> None:
        """Set the visit of the Parallel or Map that contains a visit, and its initial variables."""
        wanted = self._places[visit.state.name].around
        before = self._owners.get(previous)
        if before is not None and before.state.name == wanted:
            visit.around, visit.iteration = before, self._iterations.get(previous)
        elif before is not None:
            visit.around, visit.iteration = before.around, before.iteration
        visit.variables = {} if before is None else before.variables

    def _take(self, transition: NamedTransition) -> None:
        self.transitions.append((self._now, transition))

    def _decide(self, visit: Visit, fate: Fate) -> None:
        visit.fate = fate
        self.fates.append((self._now, (visit, fate)))

    def _transition(self, left: Visit, failed: bool, name: str) -> NamedTransition:
        # An error in a path may be caught without an event; only the transition shows it.
        state = left.state
        caught = failed or not (isinstance(state, Choice) or state.next == name)
        if caught:
            self._decide(left, "caught")
        return NamedTransition(state.name, name, caught)

    def _exit(self, details: Mapping[str, Any], number: int, previous: int) -> Visit | None:
        name = self._known(details["name"])
        visit = self._owners.get(previous)
        if visit is None or visit.state.name != name:
            visit = next(reversed(self._entered[name].values()), None)
        failed = previous in self._rows and self._rows[previous].failed
        if visit is not None:
            visit.left, visit.output = self._now, details.get("output")
            visit.variables = {**visit.variables, **(details.get("assignedVariables") or {})}
            self._decide(visit, "caught" if failed else "succeeded")
            self._exits[number] = (self._now, visit, failed)
        return visit

    def _note(self, owner: Visit | None, row: EventType, previous: int, details: Mapping[str, Any]) -> None:
        """Begin and end attempts and iterations; mark the state whose failure this event passes on."""
        before = self._owners.get(previous)
        again = row.begins_attempt and bool(owner and owner.attempts)
        passed_on = row.phase == "failed" and row.subject in _FAIL_WITH_A_STATE
        if (again or passed_on) and before is not None and before is not owner:
            self._decide(before, "failed")
            self._fail(owner, {"error": before.error, "cause": before.cause})
        if row.subject == "execution" and row.phase == "failed":
            self._fail(before, details)
        if owner is None:
            return
        if row.begins_attempt:
            owner.attempts.append(Attempt(self._now))
        elif row.subject == "iteration":
            self._iterate(owner, row, details)
        elif row.ends_attempt and owner.attempts:
            owner.attempts[-1].ended = self._now
        if row.failed:
            self._fail(owner, details)

    def _iterate(self, owner: Visit, row: EventType, details: Mapping[str, Any]) -> None:
        if row.phase == "succeeded":
            owner.iterations.succeeded.append(details.get("index", 0))
        elif row.phase == "failed":
            owner.iterations.failed.append(details.get("index", 0))

    def _fail(self, visit: Visit | None, details: Mapping[str, Any]) -> None:
        """Set the error of a visit and of its attempt; an error without a name changes nothing."""
        if visit is None or not details.get("error"):
            return
        visit.error, visit.cause = details["error"], details.get("cause")
        if visit.attempts:
            visit.attempts[-1].error, visit.attempts[-1].cause = visit.error, visit.cause

    def _owner(self, row: EventType, previous: int) -> Visit | None:
        """Return the visit of an event that does not name a state."""
        visit = self._owners.get(previous)
        if visit is None or row.subject == "execution":
            return None
        if row.container is None:
            return visit
        before = self._rows[previous]
        if before.phase == "exited" or (before.phase == "failed" and before.subject in ("map", "parallel")):
            visit = visit.around
        while visit is not None and visit.state.type != row.container:
            visit = visit.around
        return visit
