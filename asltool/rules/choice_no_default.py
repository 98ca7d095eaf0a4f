"""choice-no-default: a Choice state has no ``Default``, and its rules do not cover every case.

Why: if no rule matches, the execution fails with ``States.NoChoiceMatched``.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "B", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.condition import DataTest, Expression
from asltool.syntax.model import Choice
from asltool.syntax.wording import quoted

__all__ = ["choice_no_default"]


@rule("choice-no-default", severity="warning")
def choice_no_default(scope: Scope) -> Iterator[Finding]:
    for state in scope.states.values():
        if isinstance(state, Choice) and state.default is None and state.choices and not _covers_all(state):
            message = f'Choice state {quoted(state.name)} has no "Default" for the case that no rule matches'
            yield Finding(state.pointer, message, key=True)


def _covers_all(state: Choice) -> bool:
    """Return whether one of two rules always matches: they compare a boolean with true and with false."""
    conditions = [rule.condition for rule in state.choices]
    if any(isinstance(each, Expression) and each.value in (True, "{% true %}") for each in conditions):
        return True
    flags = [
        (each.variable, each.operator, each.operand)
        for each in conditions
        if isinstance(each, DataTest) and isinstance(each.operand, bool)
    ]
    return any((variable, operator, not wanted) in flags for variable, operator, wanted in flags)
