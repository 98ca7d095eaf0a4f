"""unreachable-cycle: states lead to each other, but no transition leads to them from the start.

Why: they never run. The service checks only whether another state names a state, so it accepts this.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Succeed"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.graph import closed_groups, reach
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import listed, quoted

__all__ = ["unreachable_cycle"]


@rule("unreachable-cycle", severity="warning")
def unreachable_cycle(scope: Scope) -> Iterator[Finding]:
    explained = scope.reachable | reach(scope.graph, scope.unnamed)
    left = [name for name in scope.states if name not in explained]
    for first, *others in closed_groups(scope.back, scope.graph, left):
        message = f"state {quoted(first)} is not reachable. only {listed([first, *others], 'and')} lead to it"
        yield Finding(scope.states[first].pointer, message, key=True)
