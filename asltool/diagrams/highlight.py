"""Overlays on the diagram of a machine: the progress of a run, the changes, or the coverage of tests.

Everything is keyed by the names of states and by their transitions.
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
    """A summary of the whole machine: a line, and texts, each with its state.

    For a text without a state, this is ``""``.
    """

    line: str
    title: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Highlight:
    """The overlay of a run, a comparison, or the coverage of many runs on the diagram of its machine.

    ``statuses`` has the status of each state after its last visit. States that the history does not cover are
    not in it: the states inside a Distributed Map are in the histories of its child executions.
    ``transitions`` counts how often each transition was taken, ``retries`` how often a state was retried, and
    ``iterations`` has the results of a Map's iterations. ``story`` is the history that all this comes from.

    A comparison and coverage have ``edges``, the status of each transition, and ``notes``: additional lines
    for a state, or lines that replace the condition of a transition. A comparison has ``former``, the old
    transitions of states, ``definitions``, the old JSON of each state, and ``removed``, the removed states by
    the pointer of the machine that shows them. Coverage has a ``summary``.

    ``faults`` has the errors of a state by its pointer. It is None if the definition has no errors; otherwise
    transitions to missing states are drawn too. ``warnings`` has the warnings of states in the same way.

    ``failure`` has the transitions to the state in which a run failed. ``children`` has, by the name of a
    Map, lines that say why its child executions failed.
    """

    statuses: Mapping[str, DrawnStatus]
    transitions: Mapping[NamedTransition, int]
    retries: Mapping[str, int]
    iterations: Mapping[str, Iterations] = field(default_factory=dict)
    story: Story | None = None
    edges: Mapping[NamedTransition, DrawnStatus] = field(default_factory=dict)
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
        """Return the overlay for one execution of the machine, from its events, oldest first.

        Args:
            events: in the format of GetExecutionHistory: ``id``, ``previousEventId``, ``type`` and the
            details of the type.

        Raises:
            HistoryError: an event has another format, or is about a state that the machine does not have.
        """
        story = Story(machine, events)
        fates: dict[str, Fate] = {visit.state.name: fate for _, (visit, fate) in story.fates}
        statuses: dict[str, DrawnStatus] = {}
        _fill(statuses, machine, fates)
        taken = Counter(transition for _, transition in story.transitions)
        retries, iterations = _retries(story.visits), _iterations(story.visits)
        return cls(statuses, taken, retries, iterations, story, failure=frozenset(story.path_to_failure()))


def _fill(statuses: dict[str, DrawnStatus], machine: StateMachine, fates: Mapping[str, Fate]) -> None:
    """Set the status of every state that the history covers."""
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
