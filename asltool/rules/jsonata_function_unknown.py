"""jsonata-function-unknown: a JSONata expression calls a function that does not exist.

Why: the call can only fail. Functions that the expression itself defines are known.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $upper($states.input.name) %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $uppercase($states.input.name) %}", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["jsonata_function_unknown"]

jsonata_function_unknown = reported("jsonata-function-unknown", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
