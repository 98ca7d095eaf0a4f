"""result-path-variable: ``ResultPath`` begins with the name of a variable.

Why: ``ResultPath`` puts a result into the input. To set a variable, use ``Assign``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$total", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.total", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["result_path_variable"]

result_path_variable = reported("result-path-variable", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
