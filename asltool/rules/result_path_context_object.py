"""result-path-context-object: ``ResultPath`` begins with ``$$``.

Why: the context object is read-only.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$$.total", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "ResultPath": "$.total", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["result_path_context_object"]

result_path_context_object = reported(
    "result-path-context-object", __doc__, aws_code="SCHEMA_VALIDATION_FAILED"
)
