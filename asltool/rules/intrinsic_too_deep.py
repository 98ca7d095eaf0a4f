"""intrinsic-too-deep: intrinsic functions are nested more than ten levels deep.

Why: the service allows ten levels. An earlier state can do part of the work.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {"x.$":
        "States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array($.x)))))))))))"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {"x.$":
        "States.Array(States.Array(States.Array($.x)))"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_too_deep"]


@rule("intrinsic-too-deep", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_too_deep(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-too-deep")
