"""json-path-or-intrinsic-invalid: a key that ends in ``.$`` holds neither a path nor an intrinsic function.

Why: the suffix ``.$`` means that the value is evaluated. Remove it from the key of a plain string or
``null``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"name.$": "Ann"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"name": "Ann", "id.$": "$.id"}}}}

The service says: SCHEMA_VALIDATION_FAILED, The value for the field 'x.$' must be a valid JSONPath or a valid
intrinsic function call at /States/A/Parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["json_path_or_intrinsic_invalid"]


@rule("json-path-or-intrinsic-invalid", aws_code="SCHEMA_VALIDATION_FAILED")
def json_path_or_intrinsic_invalid(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("json-path-or-intrinsic-invalid")
