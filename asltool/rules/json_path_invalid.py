"""json-path-invalid: a path cannot be read.

Why: the field takes only a path: ``$`` for the input, ``$$`` for the context object or ``$name`` for a
variable, followed by steps.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "order.id", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.order.id", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["json_path_invalid"]


@rule("json-path-invalid", aws_code="SCHEMA_VALIDATION_FAILED")
def json_path_invalid(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("json-path-invalid")
