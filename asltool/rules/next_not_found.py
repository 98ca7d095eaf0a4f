"""next-not-found: a ``Next`` names a state that does not exist.

Why: the execution cannot continue. The ``Next`` can be that of a state, a Choice rule or a Catcher. Names are
case-sensitive.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Refnd"}, "Refund": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Refund"}, "Refund": {"Type": "Succeed"}}}

The service says: MISSING_TRANSITION_TARGET, Missing 'Next' target: Refnd at /States/A/Next.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["next_not_found"]


@rule("next-not-found", aws_code="MISSING_TRANSITION_TARGET")
def next_not_found(scope: Scope) -> Iterator[Finding]:
    for way in scope.lost:
        if way.kind != "Default" and not scope.crosses(way.target):
            yield scope.no_state(way.pointer, way.target)
