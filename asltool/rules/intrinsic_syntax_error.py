"""intrinsic-syntax-error: an intrinsic function call has a syntax error.

Why: arguments are strings in single quotes, numbers, ``true``, ``false``, ``null``, paths and other calls,
separated by commas.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Array(1,, 2)"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Array(1, 2)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, The value for the field 'x.$' must be a valid JSONPath or a valid
intrinsic function call at /States/A/Parameters.
"""

from asltool.rules.rule import reported

__all__ = ["intrinsic_syntax_error"]

intrinsic_syntax_error = reported("intrinsic-syntax-error", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
