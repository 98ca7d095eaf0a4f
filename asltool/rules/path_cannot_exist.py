"""path-cannot-exist: a path leads to data that never exists.

Why: the state always fails. The states before it produce data of a known form, which never has this path.
Results of tasks and the execution's input can hold anything, so paths into them are not reported. Paths that
a Choice checks with ``IsPresent`` are not reported either.

Wrong::

    {"StartAt": "Check", "States": {
        "Check": {"Type": "Pass", "Parameters": {"ok": true}, "Next": "Ship"},
        "Ship": {"Type": "Pass", "InputPath": "$.order.id", "End": true}}}

Right::

    {"StartAt": "Check", "States": {
        "Check": {"Type": "Pass", "Parameters": {"ok": true}, "ResultPath": "$.check", "Next": "Ship"},
        "Ship": {"Type": "Pass", "InputPath": "$.order.id", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.absence import absence
from asltool.rules.analysis.flow import flow_of
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["path_cannot_exist"]


@rule("path-cannot-exist", severity="warning", once=True)
def path_cannot_exist(scope: Scope) -> Iterator[Finding]:
    for missing in flow_of(scope).missing:
        if missing.is_of_input:
            yield absence(missing)
