"""intrinsic-not-allowed-here: an intrinsic function is used where only a path is allowed.

Why: intrinsic functions work in payload templates, under keys that end in ``.$``, and in ``ErrorPath`` and
``CausePath``. An earlier state can call the function instead.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "InputPath": "States.StringToJson($.text)"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x.$": "States.StringToJson($.text)"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["intrinsic_not_allowed_here"]

intrinsic_not_allowed_here = reported(
    "intrinsic-not-allowed-here", __doc__, aws_code="SCHEMA_VALIDATION_FAILED"
)
