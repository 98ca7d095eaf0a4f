"""states-without-dollar: a JSONata expression reads ``states`` where ``$states`` is meant.

Why: without the ``$``, it reads a field of the context item, which does not exist.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% states.input.id %}", "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": "{% $states.input.id %}", "End": true}}}

The service says: nothing.
"""

from asltool.rules.rule import reported

__all__ = ["states_without_dollar"]

states_without_dollar = reported("states-without-dollar", __doc__, severity="warning")
