"""assign-reserved-name: a state assigns the variable ``$states``.

Why: ``$states`` belongs to the service: in JSONata it holds the input, the result and the context object of a
state.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"states": 1}, "End": true}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"regions": 1}, "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$regions", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import RESERVED
from asltool.rules.rule import Finding, rule

__all__ = ["assign_reserved_name"]


@rule("assign-reserved-name", aws_code="SCHEMA_VALIDATION_FAILED")
def assign_reserved_name(scope: Scope) -> Iterator[Finding]:
    for _, name, pointer in scope.assigned:
        if name == RESERVED:
            yield Finding(pointer, '"$states" belongs to the service. choose another name', key=True)
