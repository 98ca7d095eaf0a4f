"""default-not-found: the ``Default`` of a Choice state names a state that does not exist.

Why: if no rule matches, the execution cannot continue.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "Dnoe", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "Done"}]},
        "Done": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "Done", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "Done"}]},
        "Done": {"Type": "Succeed"}}}

The service says: MISSING_TRANSITION_TARGET, Missing 'Next' target: Dnoe at /States/A/Default.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["default_not_found"]


@rule("default-not-found", aws_code="MISSING_TRANSITION_TARGET")
def default_not_found(scope: Scope) -> Iterator[Finding]:
    for way in scope.lost:
        if way.kind == "Default" and not scope.crosses(way.target):
            yield scope.no_state(way.pointer, way.target)
