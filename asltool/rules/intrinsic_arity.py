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

from asltool.rules.rule import reported

__all__ = ["intrinsic_arity"]

intrinsic_arity = reported("intrinsic-arity", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
