"""What to lay over the drawing of a machine: how far a run came, what changed, or what tests have tried.

Everything goes by the names of states, and by the ways between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from asltool.history.story import Story
from asltool.history.visits import Fate, Iterations, NamedTransition, Visit, is_distributed
from asltool.syntax.model import Pointer, State, StateMachine

__all__ = ["DrawnStatus", "Highlight", "NamedTransition", "Summary"]

DrawnStatus = Literal[
    "succeeded",
    "failed",
    "caught",
    "unfinished",
    "unreached",
    "added",
    "removed",
    "changed",
    "same",
    "covered",
    "partial",
    "uncovered",
    "wrong",
    "warned",
]
"""Those of a run, of a comparison, of coverage, and of a definition with errors and with warnings.

See `asltool.history.visits.Fate` for the first four.
"""


Former = Mapping[tuple[str | None, bool], Sequence[str]]
"""Ways that a state had: where to, whether a Catcher's, and what had to hold."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What to say of the machine as a whole: a line, and texts with the state that each is about.

    A text about no state has ``""`` instead.
    """

    line: str
    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A run, a comparison, or the coverage of many runs, to be laid over the drawing of its machine.

    ``statuses`` holds what became of a state when it was entered last. A state that is not in it is one that
    the history cannot know: what a Distributed Map does inside is in the histories of its child executions.
    ``transitions`` counts how often the run went each way, ``retries`` how often a state was tried again, and
    ``iterations`` has how those of a Map ended. ``story`` is the history that all this was read from.

    A comparison and coverage have ``ways``, the status of each way, and ``notes``, lines to be said of a
    state beside all else, or of a way in place of what has to hold for it. A comparison has ``former``, the
    ways that states had before, ``definitions``, the JSON of each state as it was, and ``removed``, the
    states that are gone, by the pointer of the machine in which they are to be shown. Coverage has
    a ``summary``.

    ``faults`` has what is wrong with a state, by its pointer. It is None where the definition has no errors;
    otherwise a transition to a state that does not exist is drawn, too. ``warnings`` has the
    warnings of states in the same way.

    ``failure`` has the transitions to the state that a run failed in.

    ``children`` has, by the name of a Map, lines that say why child executions of it failed.
    """

    statuses: Mapping[str, DrawnStatus]
    transitions: Mapping[NamedTransition, int]
    retries: Mapping[str, int]
    iterations: Mapping[str, Iterations] = field(default_factory=dict)
    story: Story | None = None
    ways: Mapping[NamedTransition, DrawnStatus] = field(default_factory=dict)
    former: Mapping[str, Former] = field(default_factory=dict)
    removed: Mapping[Pointer, Mapping[str, State]] = field(default_factory=dict)
    notes: Mapping[str | NamedTransition, Sequence[str]] = field(default_factory=dict)
    summary: Summary | None = None
    children: Mapping[str, Sequence[str]] = field(default_factory=dict)
    definitions: Mapping[str, Any] = field(default_factory=dict)
    failure: Collection[NamedTransition] = ()
    faults: Mapping[Pointer, Sequence[str]] | None = None
    warnings: Mapping[Pointer, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def from_history(cls, machine: StateMachine, events: Sequence[Mapping[str, Any]]) -> Self:
        """Read the events of one execution of the machine, oldest first.

        Args:
            events: shaped as GetExecutionHistory gives them: ``id``, ``previousEventId``, ``type`` and the
                details of the type.

        Raises:
            HistoryError: an event of another shape, or of a state that the machine does not have.
        """
        story = Story(machine, events)
        fates: dict[str, Fate] = {visit.state.name: fate for _, (visit, fate) in story.fates}
        statuses: dict[str, DrawnStatus] = {}
        _fill(statuses, machine, fates)
        taken = Counter(transition for _, transition in story.transitions)
        retries, iterations = _retries(story.visits), _iterations(story.visits)
        return cls(statuses, taken, retries, iterations, story, failure=frozenset(story.path_to_failure()))


def _fill(statuses: dict[str, DrawnStatus], machine: StateMachine, fates: Mapping[str, Fate]) -> None:
    """Note the status of every state that the history can know of."""
    for name, state in machine.states.items():
        statuses[name] = fates.get(name, "unreached")
        if not (is_distributed(state) and name in fates):
            for inner in state.machines:
                _fill(statuses, inner, fates)


def _retries(visits: Sequence[Visit]) -> Counter[str]:
    retries: Counter[str] = Counter()
    for visit in visits:
        if len(visit.attempts) > 1:
            retries[visit.state.name] += len(visit.attempts) - 1
    return retries


def _iterations(visits: Sequence[Visit]) -> dict[str, Iterations]:
    found: dict[str, Iterations] = {}
    for visit in visits:
        if visit.iterations.succeeded or visit.iterations.failed:
            each = found.setdefault(visit.state.name, Iterations())
            each.succeeded += visit.iterations.succeeded
            each.failed += visit.iterations.failed
    return found
