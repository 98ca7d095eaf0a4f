"""duplicate-state-name: two states of a definition have the same name.

Why: names must be unique in the whole definition, including the branches of a Parallel and the processor of a
Map.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Pay", "States": {"Pay": {"Type": "Succeed"}}},
        {"StartAt": "Pay", "States": {"Pay": {"Type": "Succeed"}}}]}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Parallel", "End": true, "Branches": [
        {"StartAt": "Pay", "States": {"Pay": {"Type": "Succeed"}}},
        {"StartAt": "Send", "States": {"Send": {"Type": "Succeed"}}}]}}}

The service says: DUPLICATE_STATE_NAME, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["duplicate_state_name"]


@rule("duplicate-state-name", aws_code="DUPLICATE_STATE_NAME", once=True)
def duplicate_state_name(scope: Scope) -> Iterator[Finding]:
    seen: set[str] = set()
    for machine in scope.machine.walk():
        for state in machine.states.values():
            if state.name in seen:
                message = f"another state of this definition is also named {quoted(state.name)}"
                yield Finding(state.pointer, message, key=True)
        seen.update(machine.states)
