"""states-field-unknown: ``$states`` does not have this field.

Why: the fields are ``input`` and ``context``, and in some places ``result`` and ``errorOutput``.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.inputs %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input %}", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["states_field_unknown"]

states_field_unknown = reported("states-field-unknown", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
