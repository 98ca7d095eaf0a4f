"""Count how often a run reached each target, for runs of asltool and of the service.

A history does not show which rule of a Choice matched, nor which Retrier or Catcher matched an error. If
several of them lead to the same state, they must be evaluated again. This package cannot do that: the caller
passes a `Reevaluation`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from asltool.errors import HistoryError
from asltool.history.event_types import type_of
from asltool.history.story import Story
from asltool.history.targets import Target
from asltool.history.visits import Visit
from asltool.syntax.model import Catcher, Choice, ChoiceRule, Retrier, Working

__all__ = ["Reevaluation", "count"]


class Reevaluation(Protocol):
    """Evaluates again what a run has evaluated."""

    def holds(self, visit: Visit, state: Choice, rule: ChoiceRule) -> bool:
        """Return whether a rule matched the data of this visit."""

    def meets(self, handlers: Sequence[Retrier] | Sequence[Catcher], error: str | None) -> int | None:
        """Return the index of the first Retrier or Catcher that matches this error; None if none does."""


def count(story: Story, again: Reevaluation) -> Counter[Target]:
    """Return how often a run reached each target.

    Raises:
        HistoryError: a transition does not exist in this machine.
    """
    following = _following(story)
    found: Counter[Target] = Counter()
    for visit in story.visits:
        found[Target(visit.state.name, "state")] += 1
        found.update(_retries(visit, again))
        if visit.left is not None:
            after = following.get(story.events[visit.left]["id"])
            if after is not None:
                found[_taken(visit, after, again)] += 1
    return found


def _following(story: Story) -> dict[int, str]:
    """Return the state that was entered after each event."""
    found: dict[int, str] = {}
    for event in story.events:
        row = type_of(event["type"])
        if row.phase == "entered":
            found[event.get("previousEventId", 0)] = event[row.details]["name"]
    return found


def _retries(visit: Visit, again: Reevaluation) -> Counter[Target]:
    """Return the Retriers that retried the state."""
    found: Counter[Target] = Counter()
    if isinstance(visit.state, Working):
        for attempt in visit.attempts[:-1]:
            index = again.meets(visit.state.retry, attempt.error)
            if index is not None:
                found[Target(visit.state.name, "Retry", index)] += 1
    return found


def _taken(visit: Visit, target: str, again: Reevaluation) -> Target:
    """Return the transition that leads from a visit to this state."""
    state = visit.state
    if isinstance(state, Choice):
        rules = [(index, rule) for index, rule in enumerate(state.choices) if rule.next == target]
        rule = _rule(visit, state, rules, target, again)
        return Target(state.name, "Default") if rule is None else Target(state.name, "Choice", rule)
    if isinstance(state, Working) and (visit.fate == "caught" or state.next != target):
        catchers = [(index, each) for index, each in enumerate(state.catch) if each.next == target]
        if not catchers:
            raise HistoryError(
                f'the history is of another machine: state "{state.name}" does not lead to "{target}"'
            )
        met = again.meets([each for _, each in catchers], visit.error)
        return Target(state.name, "Catch", catchers[0 if met is None else met][0])
    return Target(state.name, "Next")


def _rule(
    visit: Visit, state: Choice, rules: Sequence[tuple[int, ChoiceRule]], target: str, again: Reevaluation
) -> int | None:
    """Return which of the rules with this target matched; None for the Default."""
    if not rules or (len(rules) == 1 and state.default != target):
        return rules[0][0] if rules else None
    for index, rule in rules:
        if again.holds(visit, state, rule):
            return index
    return None if state.default == target else rules[0][0]
