"""json-path-doubtful: a filter, or a path inside an intrinsic function, is not valid.

Why: the service was observed to accept such a path, but evaluating it always fails. The conditions of a
filter are paths, such as ``@.x`` or ``!@.x``, and comparisons with ``== != < <= > >=`` or ``=~``; there is no
``in``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "InputPath": "$.orders[?(@.state in ['paid'])]"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "InputPath": "$.orders[?(@.state == 'paid')]"}}}

The service says: nothing.
"""

from asltool.rules.rule import reported

__all__ = ["json_path_doubtful"]

json_path_doubtful = reported("json-path-doubtful", __doc__, severity="warning")
