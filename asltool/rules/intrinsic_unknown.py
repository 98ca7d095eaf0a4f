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

from asltool.rules.rule import reported

__all__ = ["intrinsic_unknown"]

intrinsic_unknown = reported("intrinsic-unknown", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
