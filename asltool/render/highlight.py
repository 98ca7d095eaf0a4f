"""How far a run came, read from its history.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from asltool.errors import RenderError
from asltool.syntax.model import Choice, Fail, Map, State, StateMachine, Succeed

__all__ = ["Highlight", "Status", "Step"]

Status = Literal["succeeded", "failed", "caught", "unfinished", "unreached"]
"""``caught``: the state failed and a Catcher took over.

``unfinished``: it was entered and never left, because the run goes on, or because it was stopped.
"""


class Step(NamedTuple):
    """A way from a state to the next; None stands for the start and for the end of a machine or branch."""

    source: str | None
    target: str | None
    caught: bool = False


@dataclass(frozen=True, slots=True)
class Highlight:
    """A run, to be laid over the drawing of its machine. Everything goes by the names of states.

    ``statuses`` holds what became of a state when it was entered last. A state that is not in it is one that
    the history cannot know: what a Distributed Map does inside is in the histories of its child executions.
    ``transitions`` counts how often the run went each way, ``retries`` how often a state was tried again.
    """

    statuses: Mapping[str, Status]
    transitions: Mapping[Step, int]
    retries: Mapping[str, int]

    @classmethod
    def from_history(cls, machine: StateMachine, events: Sequence[Mapping[str, Any]]) -> Highlight:
        """Read the events of one execution of the machine, oldest first.

        Args:
            events: shaped as GetExecutionHistory gives them: ``id``, ``previousEventId``, ``type`` and the
                details of the type.

        Raises:
            RenderError: an event of another shape, or of a state that the machine does not have.
        """
        reader = _Reader(machine)
        for number, event in enumerate(events, 1):
            try:
                reader.read(event)
            except (AttributeError, KeyError, TypeError) as problem:
                raise RenderError(
                    f"event {number} is not shaped as GetExecutionHistory gives it"
                ) from problem
        return cls(reader.statuses(), reader.transitions + reader.ends(), reader.retries)


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


class _Exit(NamedTuple):
    """How a state was left: ``failed`` if a failure was the last thing that happened in it."""

    name: str
    failed: bool


class _Place(NamedTuple):
    """A state and the name of the Parallel or Map that it is in."""

    state: State
    around: str | None


def _places(machine: StateMachine, around: str | None) -> Iterator[tuple[str, _Place]]:
    for name, state in machine.states.items():
        yield name, _Place(state, around)
        for inner in state.machines:
            yield from _places(inner, name)


def _is_final(state: State) -> bool:
    return state.end or isinstance(state, Succeed)


class _Reader:
    """Follows the events by ``previousEventId`` and knows of each which state it belongs to."""

    def __init__(self, machine: StateMachine) -> None:
        self.transitions: Counter[Step] = Counter()
        self.retries: Counter[str] = Counter()
        self._places = dict(_places(machine, None))
        self._reached: dict[str, Status] = {}
        self._types: dict[int, str] = {}
        self._owners: dict[int, str | None] = {}
        self._exits: dict[int, _Exit] = {}
        """The events with which a state was left, as long as no other was entered after them."""

    def read(self, event: Mapping[str, Any]) -> None:
        owner: str | None
        number, previous, kind = event["id"], event.get("previousEventId", 0), event["type"]
        if kind.endswith("StateEntered"):
            owner = self._known(event["stateEnteredEventDetails"]["name"])
            self._enter(owner, previous)
        elif kind.endswith("StateExited"):
            owner = self._known(event["stateExitedEventDetails"]["name"])
            self._exit(owner, number, previous)
        elif kind == "EvaluationFailed":
            # Its previous event is the one before the state was entered.
            owner = self._known(event["evaluationFailedEventDetails"]["state"])
        else:
            owner = self._owner(kind, previous)
            self._note(owner, kind, previous)
        self._types[number] = kind
        self._owners[number] = owner

    def statuses(self) -> dict[str, Status]:
        """Return the status of every state that the history can know of."""
        return {
            name: self._reached.get(name, "unreached")
            for name in self._places
            if not self._is_elsewhere(name)
        }

    def ends(self) -> Counter[Step]:
        """Count the ways to the end of a machine or branch: of final states that were left."""
        final = (left for left in self._exits.values() if not left.failed)
        return Counter(Step(left.name, None) for left in final if _is_final(self._places[left.name].state))

    def _known(self, name: str) -> str:
        if name not in self._places:
            raise RenderError(f'the history is of another machine: there is no state "{name}"')
        return name

    def _enter(self, name: str, previous: int) -> None:
        left = self._exits.pop(previous, None)
        self.transitions[Step(None, name) if left is None else self._step(left, name)] += 1
        self._reached[name] = "unfinished"
        if isinstance(self._places[name].state, Fail):
            self._reached[name] = "failed"
            self.transitions[Step(name, None)] += 1

    def _step(self, left: _Exit, name: str) -> Step:
        # An error in a path may be caught without an event of its own; then only the way tells.
        state = self._places[left.name].state
        caught = left.failed or not (isinstance(state, Choice) or state.next == name)
        if caught:
            self._reached[left.name] = "caught"
        return Step(left.name, name, caught)

    def _exit(self, name: str, number: int, previous: int) -> None:
        failed = self._types.get(previous, "").endswith(("Failed", "TimedOut"))
        self._reached[name] = "caught" if failed else "succeeded"
        self._exits[number] = _Exit(name, failed)

    def _note(self, owner: str | None, kind: str, previous: int) -> None:
        """Count a retry; mark the state whose failure this event passes on."""
        before = self._owners.get(previous)
        first = before == owner and self._types.get(previous, "").endswith("StateEntered")
        again = kind in _ATTEMPTS and not first
        if again and owner is not None:
            self.retries[owner] += 1
        if (again or kind in _FAILURES) and before is not None and before != owner:
            self._reached[before] = "failed"

    def _owner(self, kind: str, previous: int) -> str | None:
        """Return the state that an event belongs to which does not name one."""
        name = self._owners.get(previous)
        if name is None or kind.startswith("Execution"):
            return None
        wanted = next((container for container in ("Map", "Parallel") if kind.startswith(container)), None)
        if wanted is None:
            return name
        if self._types[previous].endswith(("StateExited", "StateFailed")):
            name = self._places[name].around
        while name is not None and self._places[name].state.type != wanted:
            name = self._places[name].around
        return name

    def _is_elsewhere(self, name: str) -> bool:
        """Tell whether a state runs in child executions of a Distributed Map, which were started."""
        around = self._places[name].around
        while around is not None:
            state = self._places[around].state
            if isinstance(state, Map) and state.processor.mode == "DISTRIBUTED" and around in self._reached:
                return True
            around = self._places[around].around
        return False
