"""json-path-invalid: a path is not valid.

Why: the field takes only a path: ``$`` for the input, ``$$`` for the context object or ``$name`` for a
variable, followed by steps.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "order.id", "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": "$.order.id", "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["json_path_invalid"]

json_path_invalid = reported("json-path-invalid", __doc__, aws_code="SCHEMA_VALIDATION_FAILED")
