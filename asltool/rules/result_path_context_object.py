"""result-path-context-object: ``ResultPath`` begins with ``$$``.

Why: the context object is read-only.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$$.total", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.total", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["result_path_context_object"]


@rule("result-path-context-object", aws_code="SCHEMA_VALIDATION_FAILED")
def result_path_context_object(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("result-path-context-object")
