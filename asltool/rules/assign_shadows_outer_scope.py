"""assign-shadows-outer-scope: a machine inside assigns a variable that a machine around it assigns, too.

Why: a Parallel's branches and a Map's iterations see the variables around them and cannot change them; a
variable of their own needs another name. The Catch of a Parallel or Map may assign what its machines do.

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
            owner = f"the variable {quoted('$' + name)} is that of state {maker} outside of this machine"
            for pointer in variables.own[name]:
                yield Finding(pointer, f"{owner}. choose another name", key=True)
