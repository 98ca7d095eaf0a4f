"""intrinsic-argument-type: a literal argument has a type that the intrinsic function does not accept.

Why: the call can only fail.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Hash($.text, 'SHA-3')"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Hash($.text, 'SHA-256')"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_argument_type"]


@rule("intrinsic-argument-type", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_argument_type(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-argument-type")
