"""A history by visits: one for each time that a state was entered, with all that happened in it.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar

from asltool.errors import RenderError
from asltool.history.shape import details_of, misshapen
from asltool.syntax.model import Choice, Fail, Map, State, StateMachine, Succeed

__all__ = ["Attempt", "Fate", "Iterations", "NamedTransition", "Story", "Visit", "is_distributed"]

Fate = Literal["succeeded", "failed", "caught", "unfinished"]
"""What became of a state that was entered.

``caught``: the state failed and a Catcher took over.
``unfinished``: it was never left, because the run goes on, or because it was stopped.
"""

Told = TypeVar("Told")


class NamedTransition(NamedTuple):
    """A transition by the names of its states; None is the start, and the end, of a machine or branch."""

    source: str | None
    target: str | None
    caught: bool = False


@dataclass(slots=True)
class Attempt:
    """One try of a state that works: where in the history it began and ended, and with what error."""

    began: int
    ended: int | None = None
    error: str | None = None
    cause: str | None = None


@dataclass(slots=True)
class Iterations:
    """The indexes of a Map's iterations that have ended."""

    succeeded: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Visit:
    """One stay in a state.

    ``entered`` and ``left`` are positions in the history, ``around`` is the stay in the Parallel or Map that
    this was in, and ``iteration`` the index there. ``input``, ``output`` and the values of ``variables``, as
    they were at the end, are JSON texts; a history may leave them out.
    """

    state: State
    entered: int
    around: Visit | None = None
    iteration: int | None = None
    input: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    fate: Fate = "unfinished"
    left: int | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    attempts: list[Attempt] = field(default_factory=list)
    iterations: Iterations = field(default_factory=Iterations)


class Story:
    """The events of one execution, oldest first, and what they say; positions count from 0.

    ``visits`` stand in the order of entering. ``owners`` has the visit that each event belongs to.
    ``transitions`` has those that the run took and ``fates`` what became of states, each with the position of
    the event that shows it, in order.

    Raises:
        RenderError: an event of another shape than GetExecutionHistory gives, or of a state that the machine
            does not have.
    """

    def __init__(self, machine: StateMachine, events: Sequence[Mapping[str, Any]]) -> None:
        if problem := misshapen(events):
            raise RenderError(problem)
        reader = _Reader(machine)
        for event in events:
            reader.read(event)
        self.events = events
        self.visits: Sequence[Visit] = reader.visits
        self.owners: Sequence[Visit | None] = reader.told
        self.transitions: Sequence[tuple[int, NamedTransition]] = _in_order(
            [*reader.transitions, *reader.ends()]
        )
        self.fates: Sequence[tuple[int, tuple[Visit, Fate]]] = _in_order(reader.fates)

    @property
    def ended(self) -> bool:
        """Whether the execution has ended, one way or the other."""
        last = self.events[-1]["type"] if self.events else ""
        return last.startswith("Execution") and last != "ExecutionStarted"


def _in_order(told: list[tuple[int, Told]]) -> list[tuple[int, Told]]:
    return sorted(told, key=lambda each: each[0])


_ATTEMPTS = frozenset(
    (
        "ActivityScheduled",
        "LambdaFunctionScheduled",
        "MapStateStarted",
        "ParallelStateStarted",
        "TaskScheduled",
    )
)
_FAILURES = frozenset(("ExecutionFailed", "MapIterationFailed", "MapStateFailed", "ParallelStateFailed"))
_ATTEMPT_ENDS = ("Failed", "TimedOut", "Succeeded")


class _Place(NamedTuple):
    """A state and the name of the Parallel or Map that it is in."""

    state: State
    around: str | None


def _places(machine: StateMachine, around: str | None = None) -> Iterator[tuple[str, _Place]]:
    for name, state in machine.states.items():
        yield name, _Place(state, around)
        for inner in state.machines:
            yield from _places(inner, name)


class _Reader:
    """Follows the events by ``previousEventId`` and knows of each which visit it belongs to."""

    def __init__(self, machine: StateMachine) -> None:
        self.visits: list[Visit] = []
        self.told: list[Visit | None] = []
        self.transitions: list[tuple[int, NamedTransition]] = []
        self.fates: list[tuple[int, tuple[Visit, Fate]]] = []
        self._places = dict(_places(machine))
        self._types: dict[int, str] = {}
        self._owners: dict[int, Visit | None] = {}
        self._iterations: dict[int, int] = {}
        """The index of the iteration that an event of a Map opens."""
        self._entered: dict[str, dict[int, Visit]] = defaultdict(dict)
        """The visits of a state by the event before."""
        self._exits: dict[int, tuple[int, Visit, bool]] = {}
        """The events with which a state was left, as long as no other was entered after them."""

    def read(self, event: Mapping[str, Any]) -> None:
        number, previous, kind = event["id"], event.get("previousEventId", 0), event["type"]
        details = details_of(event)
        if kind.endswith("StateEntered"):
            owner: Visit | None = self._enter(event["stateEnteredEventDetails"], previous)
        elif kind.endswith("StateExited"):
            owner = self._exit(event["stateExitedEventDetails"], number, previous)
        elif kind == "EvaluationFailed":
            # Its previous event is the one before the state was entered.
            visits = self._entered[self._known(event["evaluationFailedEventDetails"]["state"])]
            owner = visits.get(previous) or next(reversed(visits.values()), None)
            self._fail(owner, details)
        else:
            owner = self._owner(kind, previous)
            self._note(owner, kind, previous, details)
            if kind == "MapIterationStarted":
                self._iterations[number] = details.get("index", 0)
        self._types[number] = kind
        self._owners[number] = owner
        self.told.append(owner)

    def ends(self) -> Iterator[tuple[int, NamedTransition]]:
        """Yield the transitions to the end of a machine or branch: of final states that were left."""
        for position, visit, failed in self._exits.values():
            if not failed and (visit.state.end or isinstance(visit.state, Succeed)):
                yield position, NamedTransition(visit.state.name, None)

    @property
    def _now(self) -> int:
        return len(self.told)

    def _known(self, name: str) -> str:
        if name not in self._places:
            raise RenderError(f'the history is of another machine: there is no state "{name}"')
        return name

    def _enter(self, details: Mapping[str, Any], previous: int) -> Visit:
        name = self._known(details["name"])
        visit = Visit(self._places[name].state, self._now, input=details.get("input"))
        self._place(visit, previous)
        _, left, failed = self._exits.pop(previous, (0, None, False))
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
        """Say in which visit of a Parallel or Map a visit is, and with what variables it begins."""
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
        # An error in a path may be caught without an event of its own; then only the transition shows it.
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
        failed = self._types.get(previous, "").endswith(("Failed", "TimedOut"))
        if visit is not None:
            visit.left, visit.output = self._now, details.get("output")
            visit.variables = {**visit.variables, **(details.get("assignedVariables") or {})}
            self._decide(visit, "caught" if failed else "succeeded")
            self._exits[number] = (self._now, visit, failed)
        return visit

    def _note(self, owner: Visit | None, kind: str, previous: int, details: Mapping[str, Any]) -> None:
        """Begin and end attempts and iterations; mark the state whose failure this event passes on."""
        before = self._owners.get(previous)
        again = kind in _ATTEMPTS and bool(owner and owner.attempts)
        if (again or kind in _FAILURES) and before is not None and before is not owner:
            self._decide(before, "failed")
            self._fail(owner, {"error": before.error, "cause": before.cause})
        if kind == "ExecutionFailed":
            self._fail(before, details)
        if owner is None:
            return
        if kind in _ATTEMPTS:
            owner.attempts.append(Attempt(self._now))
        elif kind.startswith("MapIteration"):
            self._iterate(owner, kind, details)
        elif kind.endswith(_ATTEMPT_ENDS) and not kind.startswith("MapRun") and owner.attempts:
            owner.attempts[-1].ended = self._now
        if kind.endswith(("Failed", "TimedOut")):
            self._fail(owner, details)

    def _iterate(self, owner: Visit, kind: str, details: Mapping[str, Any]) -> None:
        if kind == "MapIterationSucceeded":
            owner.iterations.succeeded.append(details.get("index", 0))
        elif kind == "MapIterationFailed":
            owner.iterations.failed.append(details.get("index", 0))

    def _fail(self, visit: Visit | None, details: Mapping[str, Any]) -> None:
        """Keep the error of a visit and of its attempt; one without a name leaves what was there."""
        if visit is None or not details.get("error"):
            return
        visit.error, visit.cause = details["error"], details.get("cause")
        if visit.attempts:
            visit.attempts[-1].error, visit.attempts[-1].cause = visit.error, visit.cause

    def _owner(self, kind: str, previous: int) -> Visit | None:
        """Return the visit that an event belongs to which does not name a state."""
        visit = self._owners.get(previous)
        if visit is None or kind.startswith("Execution"):
            return None
        wanted = next((container for container in ("Map", "Parallel") if kind.startswith(container)), None)
        if wanted is None:
            return visit
        if self._types[previous].endswith(("StateExited", "StateFailed")):
            visit = visit.around
        while visit is not None and visit.state.type != wanted:
            visit = visit.around
        return visit


def is_distributed(state: State) -> bool:
    """Tell whether a state is a Map whose iterations are executions of their own."""
    return isinstance(state, Map) and state.processor.mode == "DISTRIBUTED"
