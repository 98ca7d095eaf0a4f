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

from asltool.rules.rule import reported

__all__ = ["intrinsic_argument_type"]

intrinsic_argument_type = reported("intrinsic-argument-type", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
