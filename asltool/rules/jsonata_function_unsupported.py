"""jsonata-function-unsupported: a JSONata expression calls ``$eval``.

Why: the service has every function of JSONata except this one, and the state fails with
States.QueryEvaluationError at run time. To read JSON, use ``$parse``.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $eval($states.input.text) %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $parse($states.input.text) %}", "End": true}}}

The service says: nothing.
"""

from asltool.rules.rule import reported

__all__ = ["jsonata_function_unsupported"]

jsonata_function_unsupported = reported("jsonata-function-unsupported", __doc__, severity="warning")
