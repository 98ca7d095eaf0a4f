"""states-field-not-available: ``$states.result`` or ``$states.errorOutput`` is read where it is not set.

Why: the result exists only in ``Output`` and ``Assign`` of a Task, Parallel or Map state, and the error
output only in those of a Catcher.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Arguments": {"x": "{% $states.result %}"}, "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Output": {"x": "{% $states.result %}"}, "End": true}}}

The service says: UNSUPPORTED_JSONATA_EXPRESSION, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["states_field_not_available"]

states_field_not_available = reported(
    "states-field-not-available", __doc__, aws_code="UNSUPPORTED_JSONATA_EXPRESSION"
)
