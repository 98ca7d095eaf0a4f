"""choice-rule-shadowed: a rule of a Choice state never decides, since one before it holds whenever it does.

Why: the first rule that holds decides.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "B", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "B"},
            {"Variable": "$.x", "IsNull": true, "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "B", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "B"},
            {"Variable": "$.y", "IsNull": true, "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from asltool.rules.rule import Finding, rule
from asltool.rules.scope import Scope
from asltool.syntax.model import Choice

__all__ = ["choice_rule_shadowed"]


@rule("choice-rule-shadowed", severity="warning")
def choice_rule_shadowed(scope: Scope) -> Iterator[Finding]:
    for state in scope.states.values():
        if isinstance(state, Choice) and len(state.choices) > 1:
            yield from _check(state)


def _check(state: Choice) -> Iterator[Finding]:
    taken: dict[str, int] = {}
    for number, each in enumerate(state.choices, 1):
        above = next(
            (taken[part] for part in ("true", *_parts(each.condition, "And")) if part in taken), None
        )
        if above is not None:
            message = f"rule {above} holds whenever this one does, so this one never decides"
            yield Finding(each.pointer, message)
        for part in _parts(each.condition, "Or"):
            taken.setdefault(part, number)


def _parts(condition: Any, operator: str) -> Iterator[str]:
    """Yield a condition and the conditions inside its And or Or, as texts that are equal for equal ones."""
    if condition is None or condition == {}:
        return
    yield json.dumps(condition, sort_keys=True)
    inside = condition.get(operator) if isinstance(condition, dict) else None
    for part in inside if isinstance(inside, list) else ():
        yield from _parts(part, operator)
