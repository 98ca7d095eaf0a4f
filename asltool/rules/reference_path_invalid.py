"""reference-path-invalid: a field that needs a reference path has another value.

Why: the field refers to one place, so its path has only names and indexes: no ``*``, no ``..``, no slice and
no filter. Numbers of a Map, such as ``MaxConcurrencyPath``, are read from the input or a variable, never from
the context object.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Result": 1, "ResultPath": "$.orders[*].paid"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Result": 1, "ResultPath": "$.orders[0].paid"}}}

The service says: SCHEMA_VALIDATION_FAILED, Value is not a Reference Path.
"""

from asltool.rules.rule import reported

__all__ = ["reference_path_invalid"]

reference_path_invalid = reported("reference-path-invalid", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
