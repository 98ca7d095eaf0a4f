"""jsonata-function-unknown: a JSONata expression calls a function that does not exist.

Why: the call can only fail. Functions that the expression itself defines are known.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $upper($states.input.name) %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $uppercase($states.input.name) %}", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["jsonata_function_unknown"]


@rule("jsonata-function-unknown", aws_code="SCHEMA_VALIDATION_FAILED")
def jsonata_function_unknown(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("jsonata-function-unknown")
