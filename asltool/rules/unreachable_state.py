"""unreachable-state: no transition leads to this state.

Why: it never runs; most often another state's ``Next`` is misspelt. States that only this one leads to are
not reported on their own.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "B": {"Type": "Fail"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Fail"}}}

The service says: MISSING_TRANSITION_TARGET, State "B" is not reachable.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["unreachable_state"]


@rule("unreachable-state", aws_code="MISSING_TRANSITION_TARGET")
def unreachable_state(scope: Scope) -> Iterator[Finding]:
    for name in scope.unnamed:
        yield Finding(scope.states[name].pointer, f"state {quoted(name)} is not reachable", key=True)
