"""variable-name-invalid: a variable has an invalid name.

Why: nothing could read it. A name consists of letters, digits and ``_``, does not begin with a digit, and has
at most 80 characters.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Assign": {"order-id": 1}, "End": true}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Pass", "Assign": {"order_id": 1}, "Next": "B"},
        "B": {"Type": "Pass", "InputPath": "$order_id", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import is_valid
from asltool.rules.rule import Finding, rule
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.wording import quoted

__all__ = ["variable_name_invalid"]


@rule("variable-name-invalid", aws_code="SCHEMA_VALIDATION_FAILED")
def variable_name_invalid(scope: Scope) -> Iterator[Finding]:
    for _, name, pointer in scope.assigned:
        if not is_valid(name) and not has_placeholder(name):
            wanted = "expected at most 80 letters, digits and _, not starting with a digit"
            yield Finding(pointer, f"a variable cannot have the name {quoted(name)}. {wanted}", key=True)
