"""intrinsic-not-string: ``ErrorPath`` or ``CausePath`` calls a function that returns no string.

Why: an error name and a cause are strings.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "States.Array($.x, $.y)"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "States.Format('{}, {}', $.x, $.y)"}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["intrinsic_not_string"]


@rule("intrinsic-not-string", aws_code="SCHEMA_VALIDATION_FAILED")
def intrinsic_not_string(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("intrinsic-not-string")
