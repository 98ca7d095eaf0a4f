"""next-crosses-scope: a transition leads into or out of a Parallel's branch or a Map's processor.

Why: the nested machine is separate. It starts at its own ``StartAt`` and ends by itself; only then does the
execution continue with the ``Next`` of the enclosing state.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "I", "States": {
            "I": {"Type": "Choice", "Default": "J", "Choices": [
                {"Variable": "$.x", "IsNull": true, "Next": "Z"}]},
            "J": {"Type": "Pass", "End": true}}}]},
        "Z": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Parallel", "Next": "Z", "Branches": [{"StartAt": "I", "States": {
            "I": {"Type": "Choice", "Default": "J", "Choices": [
                {"Variable": "$.x", "IsNull": true, "Next": "K"}]},
            "J": {"Type": "Pass", "End": true}, "K": {"Type": "Succeed"}}}]},
        "Z": {"Type": "Succeed"}}}

The service says: MISSING_TRANSITION_TARGET, Missing 'Next' target: Z at
/States/A/Branches[0]/States/I/Choices[0]/Next.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["next_crosses_scope"]


@rule("next-crosses-scope", aws_code="MISSING_TRANSITION_TARGET")
def next_crosses_scope(scope: Scope) -> Iterator[Finding]:
    for way in scope.lost:
        target, owner = quoted(way.target), scope.owner(way.target)
        if scope.outside(way.target):
            outside = f"state {target} is outside this machine, which no transition can leave"
            yield Finding(way.pointer, f"{outside}. end the machine instead")
        elif owner is not None and owner in scope.machine.pointer:
            other = f"state {target} is in another machine of state {quoted(owner)}"
            yield Finding(way.pointer, f"{other}. end this machine, or choose one of its own states")
        elif owner is not None:
            inside = f"state {target} is inside state {quoted(owner)}, which no transition can enter"
            yield Finding(way.pointer, f"{inside}. go to state {quoted(owner)} instead")
