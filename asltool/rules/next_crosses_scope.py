"""next-crosses-scope: a transition leads out of a Parallel's branch or a Map's processor.

Why: the machine inside is a machine of its own. It ends by itself, and only then does the state around it go
on to its own ``Next``.

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

from asltool.rules.rule import Finding, rule
from asltool.rules.scope import Scope
from asltool.syntax.wording import quoted

__all__ = ["next_crosses_scope"]


@rule("next-crosses-scope", aws_code="MISSING_TRANSITION_TARGET")
def next_crosses_scope(scope: Scope) -> Iterator[Finding]:
    for way in scope.lost:
        if scope.outside(way.target):
            outside = f"state {quoted(way.target)} is outside of this machine, which no transition leaves"
            yield Finding(way.pointer, f"{outside}. end the machine instead")
