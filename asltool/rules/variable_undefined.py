"""variable-undefined: a variable is read that no state assigns.

Why: reading it fails the state. Variables are set with ``Assign``. In JSONata the service accepts this, so it
is a warning there: variable-maybe-undefined.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"total": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"sum.$": "$totla", "all.$": "$total"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"total": 1}, "Next": "B"},
        "B": {"Type": "Pass", "Parameters": {"sum.$": "$total", "all.$": "$total"}, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import assigned_anywhere, unseen
from asltool.rules.rule import Finding, rule

__all__ = ["variable_undefined"]


@rule("variable-undefined", aws_code="SCHEMA_VALIDATION_FAILED", once=True)
def variable_undefined(scope: Scope) -> Iterator[Finding]:
    for read, message in unseen(scope, "JSONPath"):
        if read.name not in assigned_anywhere(scope):
            yield Finding(read.text.pointer, message, within=read.within)
