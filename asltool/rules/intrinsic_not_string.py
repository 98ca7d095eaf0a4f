"""intrinsic-not-string: ``ErrorPath`` or ``CausePath`` calls a function that returns no string.

Why: an error name and a cause are strings.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "States.Array($.x, $.y)"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "States.Format('{}, {}', $.x, $.y)"}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["intrinsic_not_string"]

intrinsic_not_string = reported("intrinsic-not-string", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
