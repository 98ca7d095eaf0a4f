"""intrinsic-format-arity: ``States.Format`` has more or fewer values than its template has ``{}``.

Why: each ``{}`` of the template takes one of the values. Write a literal brace as ``\\{``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Format('{} of {}', $.n)"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Format('{} of {}', $.n, $.all)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_format_arity"]


@rule("intrinsic-format-arity", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_format_arity(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-format-arity")
