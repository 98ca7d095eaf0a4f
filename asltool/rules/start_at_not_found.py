"""start-at-not-found: ``StartAt`` names a state that does not exist.

Why: the execution cannot start. Names are case-sensitive.

Wrong::

    {"StartAt": "charge", "States": {"Charge": {"Type": "Succeed"}}}

Right::

    {"StartAt": "Charge", "States": {"Charge": {"Type": "Succeed"}}}

The service says: MISSING_TRANSITION_TARGET, Missing 'Next' target: charge at /StartAt.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["start_at_not_found"]


@rule("start-at-not-found", aws_code="MISSING_TRANSITION_TARGET")
def start_at_not_found(scope: Scope) -> Iterator[Finding]:
    name = scope.machine.start_at
    if name and scope.states and scope.missing(name):
        yield scope.no_state((*scope.machine.pointer, "StartAt"), name)
