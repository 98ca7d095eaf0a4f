"""json-path-unsupported: a path uses a feature that the service's JSONPath does not have.

Why: the service uses a JSONPath library of 2015, Jayway's JsonPath 2.0.0. It has no functions, no negative
indexes, no parentheses that group conditions and no strings in double quotes. Such a path is accepted, and
then fails, finds nothing or finds something else.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"count.$": "$.orders.length()"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"count.$": "States.ArrayLength($.orders)"}}}}

The service says: nothing.
"""

from asltool.rules.rule import reported

__all__ = ["json_path_unsupported"]

json_path_unsupported = reported("json-path-unsupported", __doc__, severity="warning")
