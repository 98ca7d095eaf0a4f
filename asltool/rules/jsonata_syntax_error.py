"""jsonata-syntax-error: a JSONata expression cannot be read.

Why: the service has version 2.0.6 of JSONata; ``??`` and ``?:`` are newer.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input. %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input.order %}", "End": true}}}

The service says: INVALID_JSONATA_EXPRESSION, Unexpected end of expression, and other sentences of jsonata.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["jsonata_syntax_error"]


@rule("jsonata-syntax-error", aws_code="INVALID_JSONATA_EXPRESSION")
def jsonata_syntax_error(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("jsonata-syntax-error")
