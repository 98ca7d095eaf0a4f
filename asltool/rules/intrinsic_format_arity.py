"""intrinsic-format-arity: ``States.Format`` has more or fewer values than its template has ``{}``.

Why: each ``{}`` of the template takes one of the values. Write a literal brace as ``\\{``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Format('{} of {}', $.n)"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.Format('{} of {}', $.n, $.all)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["intrinsic_format_arity"]

intrinsic_format_arity = reported("intrinsic-format-arity", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
