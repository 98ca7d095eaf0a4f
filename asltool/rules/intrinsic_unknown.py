"""intrinsic-unknown: there is no intrinsic function with this name.

Why: the service has eighteen intrinsic functions. Their names are case-sensitive.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.format('{}', $.name)"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Format('{}', $.name)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_unknown"]


@rule("intrinsic-unknown", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_unknown(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-unknown")
