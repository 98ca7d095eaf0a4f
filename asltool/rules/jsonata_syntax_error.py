"""jsonata-syntax-error: a JSONata expression is not valid.

Why: the service has version 2.0.6 of JSONata; ``??`` and ``?:`` are newer.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input. %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input.order %}", "End": true}}}

The service says: INVALID_JSONATA_EXPRESSION, Unexpected end of expression, and other messages of JSONata.
"""

from asltool.rules.rule import reported

__all__ = ["jsonata_syntax_error"]

jsonata_syntax_error = reported("jsonata-syntax-error", __doc__, aws_code="INVALID_JSONATA_EXPRESSION")
