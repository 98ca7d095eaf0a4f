"""jsonata-root-reference: a JSONata expression reads ``$``, ``$$`` or a bare name at its top level.

Why: on the service, an expression has no context item: all data is in ``$states`` and in variables. Inside
steps, predicates and functions, ``$`` and names have their usual meaning.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% order.id %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input.order.id %}", "End": true}}}

The service says: UNSUPPORTED_JSONATA_EXPRESSION, with a message that is not on record.
"""

from asltool.rules.rule import reported

__all__ = ["jsonata_root_reference"]

jsonata_root_reference = reported(
    "jsonata-root-reference", __doc__, aws_code="UNSUPPORTED_JSONATA_EXPRESSION"
)
