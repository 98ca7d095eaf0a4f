"""assign-shadows-outer-scope: a nested machine assigns a variable that an enclosing machine also assigns.

Why: the branches of a Parallel and the iterations of a Map can read the variables of enclosing machines, but
not change them; their own variables need other names. The Catch of a Parallel or Map may assign the same
variables as its machines.

Wrong::

    {"StartAt": "S", "States": {
        "S": {"Type": "Pass", "Assign": {"v": 1}, "Next": "A"},
        "A": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {
            "I": {"Type": "Pass", "InputPath": "$v", "Assign": {"v": 2}, "End": true}}}], "End": true}}}

Right::

    {"StartAt": "S", "States": {
        "S": {"Type": "Pass", "Assign": {"v": 1}, "Next": "A"},
        "A": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {
            "I": {"Type": "Pass", "InputPath": "$v", "End": true}}}], "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import RESERVED, variables_of
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["assign_shadows_outer_scope"]


@rule("assign-shadows-outer-scope", aws_code="SCHEMA_VALIDATION_FAILED", once=True)
def assign_shadows_outer_scope(scope: Scope) -> Iterator[Finding]:
    for variables in variables_of(scope):
        taken = variables.outer.taken if variables.outer else {}
        for name in sorted(name for name in variables.own if name in taken and name != RESERVED):
            maker = quoted(taken[name])
            variable = quoted("$" + name)
            owner = f"the variable {variable} is already assigned by state {maker} outside this machine"
            for pointer in variables.own[name]:
                yield Finding(pointer, f"{owner}. choose another name", key=True)
