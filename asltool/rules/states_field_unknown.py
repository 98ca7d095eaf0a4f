"""states-field-unknown: ``$states`` does not have this field.

Why: the fields are ``input`` and ``context``, and in some places ``result`` and ``errorOutput``.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.inputs %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input %}", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["states_field_unknown"]


@rule("states-field-unknown", aws_code="SCHEMA_VALIDATION_FAILED")
def states_field_unknown(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("states-field-unknown")
