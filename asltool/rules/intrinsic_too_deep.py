"""intrinsic-too-deep: intrinsic functions are nested more than ten levels deep.

Why: the service allows ten levels. An earlier state can do part of the work.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {"x.$":
        "States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array(States.Array($.x)))))))))))"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true, "Parameters": {"x.$":
        "States.Array(States.Array(States.Array($.x)))"}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["intrinsic_too_deep"]

intrinsic_too_deep = reported("intrinsic-too-deep", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
