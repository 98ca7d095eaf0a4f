"""states-field-not-available: ``$states.result`` or ``$states.errorOutput`` is read where it is not set.

Why: the result exists only in ``Output`` and ``Assign`` of a Task, Parallel or Map state, and the error
output only in those of a Catcher.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Arguments": {"x": "{% $states.result %}"}, "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Output": {"x": "{% $states.result %}"}, "End": true}}}

The service says: UNSUPPORTED_JSONATA_EXPRESSION, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["states_field_not_available"]


@rule("states-field-not-available", aws_code="UNSUPPORTED_JSONATA_EXPRESSION")
def states_field_not_available(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("states-field-not-available")
