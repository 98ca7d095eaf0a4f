"""variable-out-of-scope: a variable is read where it is not visible.

Why: a variable belongs to the machine whose states assign it, and exists only while that machine runs. The
branches of a Parallel and the iterations of a Map see the variables of the outer machines, but not the other
way round; the child executions of a distributed Map see no outer variables. Pass such values as input and
output.

In JSONata the service accepts this, so it is a warning there: variable-maybe-undefined.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "I", "States": {
            "I": {"Type": "Pass", "Assign": {"v": 1}, "End": true}}}]},
        "B": {"Type": "Pass", "InputPath": "$v", "End": true}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Parallel", "Next": "B", "Branches": [{"StartAt": "I", "States": {
            "I": {"Type": "Pass", "Parameters": {"v": 1}, "End": true}}}]},
        "B": {"Type": "Pass", "InputPath": "$[0].v", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import assigned_anywhere, unseen
from asltool.rules.rule import Finding, rule

__all__ = ["variable_out_of_scope"]


@rule("variable-out-of-scope", aws_code="SCHEMA_VALIDATION_FAILED", once=True)
def variable_out_of_scope(scope: Scope) -> Iterator[Finding]:
    for read, message in unseen(scope, "JSONPath"):
        if read.name in assigned_anywhere(scope):
            yield Finding(read.text.pointer, message, within=read.within)
