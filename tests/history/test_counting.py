"""Counting what a run reached, and what has to be evaluated again for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from asltool.errors import HistoryError
from asltool.history.counting import count
from asltool.history.story import Story
from asltool.history.targets import Target
from asltool.history.visits import Visit
from asltool.syntax.build import build
from asltool.syntax.model import Catcher, Choice, ChoiceRule, Retrier
from asltool.syntax.reader import read

TASK = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f"}
SAME = {"Variable": "$.n", "IsPresent": True, "Next": "B"}
CHOICE = {"Type": "Choice", "Choices": [SAME, SAME], "Default": "C"}
CATCH = [{"ErrorEquals": ["E"], "Next": "B"}, {"ErrorEquals": ["States.ALL"], "Next": "B"}]
ENDS = {"B": {"Type": "Succeed"}, "C": {"Type": "Succeed"}}


class Second:
    """Evaluates everything to the second of what there is, and keeps what it evaluated."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def holds(self, visit: Visit, state: Choice, rule: ChoiceRule) -> bool:
        self.asked.append((visit.state.name, state.choices.index(rule)))
        return len(self.asked) > 1

    def meets(self, handlers: Sequence[Retrier] | Sequence[Catcher], error: str | None) -> int | None:
        self.asked.append(([each.error_equals for each in handlers], error))
        return 1


def ran(first: dict[str, Any], kind: str, *middle: dict[str, Any]) -> Story:
    """Return the history of state A, with these events inside, and of B after it."""
    machine = build(read(json.dumps({"StartAt": "A", "States": {"A": first, **ENDS}}), "machine"))
    assert machine is not None
    events = [
        {"type": "ExecutionStarted", "executionStartedEventDetails": {"input": "{}"}},
        {"type": f"{kind}StateEntered", "stateEnteredEventDetails": {"name": "A", "input": "{}"}},
        *middle,
        {"type": f"{kind}StateExited", "stateExitedEventDetails": {"name": "A", "output": "{}"}},
        {"type": "SucceedStateEntered", "stateEnteredEventDetails": {"name": "B", "input": "{}"}},
    ]
    numbered = [{**event, "id": at, "previousEventId": at - 1} for at, event in enumerate(events, 1)]
    return Story(machine, numbered)


FAILED = (
    {"type": "LambdaFunctionScheduled", "lambdaFunctionScheduledEventDetails": {"resource": "f"}},
    {"type": "LambdaFunctionFailed", "lambdaFunctionFailedEventDetails": {"error": "E"}},
)


def test_the_rule_of_a_choice_is_the_one_that_holds() -> None:
    second = Second()
    found = count(ran(CHOICE, "Choice"), second)
    assert found == {Target("A", "state"): 1, Target("A", "Choice", 1): 1, Target("B", "state"): 1}
    assert len(second.asked) == 2


def test_the_catcher_is_the_one_that_meets_the_error() -> None:
    second = Second()
    found = count(ran({**TASK, "Next": "C", "Catch": CATCH}, "Task", *FAILED), second)
    assert found == {Target("A", "state"): 1, Target("A", "Catch", 1): 1, Target("B", "state"): 1}
    assert second.asked == [([("E",), ("States.ALL",)], "E")]


def test_a_transition_that_the_machine_does_not_have_is_of_another_machine() -> None:
    problem = 'the history is of another machine: state "A" does not lead to "B"'
    with pytest.raises(HistoryError, match=problem):
        count(ran({**TASK, "Next": "C"}, "Task", *FAILED), Second())
