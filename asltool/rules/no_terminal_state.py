"""no-terminal-state: no state ends the machine.

Why: an execution can only loop until it times out or fails. A machine ends in a Succeed state, a Fail state,
or a state with ``"End": true``; a nested machine must end too.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}

The service says: MISSING_END_STATE, Workflow has no terminal state.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import State
from asltool.syntax.wording import near

__all__ = ["no_terminal_state"]


@rule("no-terminal-state", aws_code="MISSING_END_STATE")
def no_terminal_state(scope: Scope) -> Iterator[Finding]:
    states = scope.states.values()
    if not states or any(map(scope.ends, states)) or any(map(scope.may_end, states)):
        return
    if not any(_is_misspelt(scope, state) for state in states):
        message = 'no state ends this machine. one needs "End": true, or the Type Succeed or Fail'
        yield Finding((*scope.machine.pointer, "States"), message, key=True)


def _is_misspelt(scope: Scope, state: State) -> bool:
    """Return whether a state would end the machine if a field were not misspelt."""
    value = scope.value(state.pointer)
    return isinstance(value, dict) and any(name != "End" and near(name, ("End",)) for name in value)
