"""states-without-dollar: a JSONata expression reads ``states`` where ``$states`` is meant.

Why: without its ``$`` it is the field of an item that an expression does not have.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% states.input.id %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input.id %}", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["states_without_dollar"]


@rule("states-without-dollar", severity="warning")
def states_without_dollar(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("states-without-dollar")
