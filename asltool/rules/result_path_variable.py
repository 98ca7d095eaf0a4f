"""result-path-variable: ``ResultPath`` begins with the name of a variable.

Why: ``ResultPath`` puts a result into the input. To set a variable, use ``Assign``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$total", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.total", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["result_path_variable"]


@rule("result-path-variable", aws_code="SCHEMA_VALIDATION_FAILED")
def result_path_variable(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("result-path-variable")
