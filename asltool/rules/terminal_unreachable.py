"""terminal-unreachable: some states cannot reach an end.

Why: an execution that enters them loops until it times out or fails. The service accepts this, because it can
be intended; a group of states that is never left is reported once.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "Done", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "Poll"}]},
        "Poll": {"Type": "Wait", "Seconds": 9, "Next": "Look"},
        "Look": {"Type": "Pass", "Next": "Poll"},
        "Done": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Default": "Done", "Choices": [
            {"Variable": "$.x", "IsNull": true, "Next": "Poll"}]},
        "Poll": {"Type": "Wait", "Seconds": 9, "Next": "Look"},
        "Look": {"Type": "Pass", "Next": "A"},
        "Done": {"Type": "Succeed"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.graph import closed_groups, reach
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import listed, quoted

__all__ = ["terminal_unreachable"]


@rule("terminal-unreachable", severity="warning")
def terminal_unreachable(scope: Scope) -> Iterator[Finding]:
    states = scope.states.values()
    exits = [state.name for state in states if scope.ends(state) or scope.unclear(state)]
    saved = reach(scope.back, exits)
    caught = [name for name in scope.states if name in scope.reachable and name not in saved]
    # If nothing ends the machine, no-terminal-state reports it once.
    for first, *others in closed_groups(scope.graph, scope.back, caught) if exits else ():
        message = (
            f"no path leads from state {quoted(first)} to an end, only to {listed([first, *others], 'and')}"
        )
        yield Finding(scope.states[first].pointer, message, key=True)
