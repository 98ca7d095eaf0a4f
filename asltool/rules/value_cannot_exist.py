"""value-cannot-exist: an expression looks for something that cannot be there.

Why: the state fails. What path-cannot-exist says of JSONPath is said here of JSONata, where the path is the
whole expression, and of what ``ResultSelector`` looks for in the array that a Parallel or a Map makes.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "Check", "States": {
        "Check": {"Type": "Pass", "Output": {"ok": true}, "Next": "Ship"},
        "Ship": {"Type": "Pass", "Output": "{% $states.input.order.id %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "Check", "States": {
        "Check": {"Type": "Pass", "Output": {"order": "{% $states.input.order %}"}, "Next": "Ship"},
        "Ship": {"Type": "Pass", "Output": "{% $states.input.order.id %}", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.absence import absence
from asltool.rules.analysis.flow import flow_of
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["value_cannot_exist"]


@rule("value-cannot-exist", severity="warning", once=True)
def value_cannot_exist(scope: Scope) -> Iterator[Finding]:
    for missing in flow_of(scope).missing:
        if not missing.is_of_input:
            yield absence(missing)
