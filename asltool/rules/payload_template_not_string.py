"""payload-template-not-string: the value of a key that ends in ``.$`` is not a string.

Why: the suffix ``.$`` means that the value is a path or an intrinsic function. Remove it from the key of a
number.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"count.$": 3}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"count": 3}, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["payload_template_not_string"]

payload_template_not_string = reported(
    "payload-template-not-string", __doc__, aws_code="SCHEMA_VALIDATION_FAILED"
)
