"""choice-rule-shadowed: a rule of a Choice state never matches, because an earlier rule covers every case.

Why: the first rule that matches decides.

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

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.condition import And, Condition, Expression, Malformed, Or, identity
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
        above = next((taken[part] for part in (_ALWAYS, *_parts(each.condition, And)) if part in taken), None)
        if above is not None:
            message = f"this rule never matches: rule {above} already covers all its cases"
            yield Finding(each.pointer, message)
        for part in _parts(each.condition, Or):
            taken.setdefault(part, number)


_ALWAYS = identity(Expression(value=True))


def _parts(condition: Condition, kind: type[And | Or]) -> Iterator[str]:
    """Yield a condition and those inside its And or Or, as strings that are equal for equal conditions."""
    if isinstance(condition, Malformed):
        return
    yield identity(condition)
    for part in condition.parts if isinstance(condition, kind) else ():
        yield from _parts(part, kind)
