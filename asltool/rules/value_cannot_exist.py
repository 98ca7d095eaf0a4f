"""value-cannot-exist: an expression reads something that never exists.

Why: the state fails. This rule is the counterpart of path-cannot-exist for JSONata, where the path is the
whole expression, and for what ``ResultSelector`` reads from the array of a Parallel or a Map.

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
