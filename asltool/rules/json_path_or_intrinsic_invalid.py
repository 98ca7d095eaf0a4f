"""json-path-or-intrinsic-invalid: a key that ends in ``.$`` holds neither a path nor an intrinsic function.

Why: the suffix ``.$`` means that the value is evaluated. Remove it from the key of a plain string or
``null``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"name.$": "Ann"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"name": "Ann", "id.$": "$.id"}}}}

The service says: SCHEMA_VALIDATION_FAILED, The value for the field 'x.$' must be a valid JSONPath or a valid
intrinsic function call at /States/A/Parameters.
"""

from asltool.rules.rule import reported

__all__ = ["json_path_or_intrinsic_invalid"]

json_path_or_intrinsic_invalid = reported(
    "json-path-or-intrinsic-invalid", __doc__, aws_code="SCHEMA_VALIDATION_FAILED"
)
