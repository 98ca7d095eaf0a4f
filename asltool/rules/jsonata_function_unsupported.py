"""jsonata-function-unsupported: a JSONata expression calls ``$eval``.

Why: the service has every function of JSONata except this one, and the state fails with
States.QueryEvaluationError at run time. To read JSON, use ``$parse``.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $eval($states.input.text) %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $parse($states.input.text) %}", "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["jsonata_function_unsupported"]


@rule("jsonata-function-unsupported", severity="warning")
def jsonata_function_unsupported(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("jsonata-function-unsupported")
