"""states-all-position: ``States.ALL`` is used with other names, or before other Retriers or Catchers.

Why: it matches every error, so names beside it and entries after it have no effect.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Catch": [
                {"ErrorEquals": ["States.ALL"], "Next": "B"},
                {"ErrorEquals": ["Busy"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "Catch": [
                {"ErrorEquals": ["Busy"], "Next": "B"},
                {"ErrorEquals": ["States.ALL"], "Next": "B"}]},
        "B": {"Type": "Succeed"}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["states_all_position"]


@rule("states-all-position", aws_code="SCHEMA_VALIDATION_FAILED")
def states_all_position(scope: Scope) -> Iterator[Finding]:
    for entry, is_last in scope.handlers:
        if "States.ALL" in entry.error_equals:
            if len(entry.error_equals) > 1:
                message = '"States.ALL" matches every error. it must be the only name here'
                yield Finding((*entry.pointer, "ErrorEquals"), message)
            if not is_last:
                yield Finding(entry.pointer, '"States.ALL" matches every error. it must come last')
