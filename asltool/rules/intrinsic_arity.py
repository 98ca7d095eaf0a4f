"""intrinsic-arity: an intrinsic function is called with too many or too few arguments.

Why: the call can only fail.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.ArrayLength($.a, $.b)"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.ArrayLength($.a)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_arity"]


@rule("intrinsic-arity", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_arity(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-arity")
