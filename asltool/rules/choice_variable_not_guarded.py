"""choice-variable-not-guarded: a rule checks whether a value exists only after comparing it.

Why: the rules inside ``And`` are tried in order, and a comparison with a missing value fails the execution.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "B", "Choices": [
            {"And": [{"Variable": "$.x", "NumericEquals": 1}, {"Variable": "$.x", "IsPresent": true}],
             "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "B", "Choices": [
            {"And": [{"Variable": "$.x", "IsPresent": true}, {"Variable": "$.x", "NumericEquals": 1}],
             "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["choice_variable_not_guarded"]


@rule("choice-variable-not-guarded", severity="warning")
def choice_variable_not_guarded(scope: Scope) -> Iterator[Finding]:
    for field in scope.fields:
        if field.name == "And" and isinstance(field.value, list):
            compared: set[str] = set()
            for index, part in enumerate(field.value):
                variable = part.get("Variable") if isinstance(part, dict) else None
                if not isinstance(variable, str):
                    continue
                if part.get("IsPresent") is True and variable in compared:
                    message = f"{quoted(variable)} is already compared above. check for it first"
                    yield Finding((*field.pointer, index), message)
                compared.add(variable)
