"""intrinsic-not-allowed-here: an intrinsic function is used where only a path is allowed.

Why: intrinsic functions work in payload templates, under keys that end in ``.$``, and in ``ErrorPath`` and
``CausePath``. An earlier state can call the function instead.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "InputPath": "States.StringToJson($.text)"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.StringToJson($.text)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_not_allowed_here"]


@rule("intrinsic-not-allowed-here", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_not_allowed_here(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-not-allowed-here")
