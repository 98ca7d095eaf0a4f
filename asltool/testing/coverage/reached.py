"""What a run has reached, read from its history: from one of ours as from one of the service's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from asltool.engine.conditions import compile_condition
from asltool.engine.retry import Failure, first_match
from asltool.errors import EvaluationError
from asltool.expr.jsonpath import compile_path
from asltool.expr.values import loads
from asltool.history.story import Story
from asltool.history.visits import Visit
from asltool.syntax.model import Choice, ChoiceRule, Working
from asltool.testing.coverage.targets import Target

__all__ = ["reached"]


def reached(story: Story) -> Counter[Target]:
    """Return how often a run reached each target.

    A history does not say which rule of a Choice held, nor which Catcher caught. Where several lead to the
    same state, the rules are asked again, and the names of the error are looked at.
    """
    following = {event.get("previousEventId", 0): event for event in story.events if _enters(event)}
    found: Counter[Target] = Counter()
    for visit in story.visits:
        found[Target(visit.state.name, "state")] += 1
        found.update(_retries(visit))
        if visit.left is not None:
            after = following.get(story.events[visit.left]["id"])
            if after is not None:
                found[_way(visit, after["stateEnteredEventDetails"]["name"])] += 1
    return found


def _enters(event: Mapping[str, Any]) -> bool:
    return str(event["type"]).endswith("StateEntered")


def _retries(visit: Visit) -> Counter[Target]:
    """Return which Retriers had the state tried again."""
    found: Counter[Target] = Counter()
    if isinstance(visit.state, Working):
        for attempt in visit.attempts[:-1]:
            match = first_match(visit.state.retry, _failure(attempt.error))
            if match is not None:
                found[Target(visit.state.name, "Retry", match[0])] += 1
    return found


def _failure(error: str | None) -> Failure:
    # The history calls a missed heartbeat a timeout.
    return Failure(error, alias="States.HeartbeatTimeout" if error == "States.Timeout" else None)


def _way(visit: Visit, target: str) -> Target:
    """Return the way that leads from a visit to this state."""
    state = visit.state
    if isinstance(state, Choice):
        rules = [(index, rule) for index, rule in enumerate(state.choices) if rule.next == target]
        index = _rule(visit, state, rules, target)
        return Target(state.name, "Default") if index is None else Target(state.name, "Choice", index)
    if isinstance(state, Working) and (visit.fate == "caught" or state.next != target):
        catchers = [(index, each) for index, each in enumerate(state.catch) if each.next == target]
        named = first_match([each for _, each in catchers], _failure(visit.error))
        return Target(state.name, "Catch", catchers[0 if named is None else named[0]][0])
    return Target(state.name, "Next")


def _rule(visit: Visit, state: Choice, rules: Sequence[tuple[int, ChoiceRule]], target: str) -> int | None:
    """Return which of the rules that lead to the target held; None: it was the Default."""
    if not rules or (len(rules) == 1 and state.default != target):
        return rules[0][0] if rules else None
    for index, rule in rules:
        if _holds(visit, state, rule):
            return index
    return None if state.default == target else rules[0][0]


def _holds(visit: Visit, state: Choice, rule: ChoiceRule) -> bool:
    """Ask a rule again, as far as the history tells what it saw; of the context object it does not."""
    try:
        then = _Then({name: loads(text) for name, text in visit.variables.items()})
        value = None if visit.input is None else loads(visit.input)
    except ValueError:  # cut short, as the service does with what is large
        return False
    try:
        holds = compile_condition(rule.condition)
        if state.query_language == "JSONata":
            return holds({"input": value, "context": then.context}, then)
        return holds(
            {} if state.input_path is None else compile_path(state.input_path).read(value, then), then
        )
    except EvaluationError:
        return False


@dataclass(frozen=True, slots=True)
class _Then:
    """The `Environment` of a rule that is asked again."""

    variables: Mapping[str, Any]
    context: dict[str, Any] = field(default_factory=dict)
    now: float = 0.0

    def uniform(self) -> float:
        return 0.0
