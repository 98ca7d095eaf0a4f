"""json-path-doubtful: a filter, or a path inside an intrinsic function, cannot be read.

Why: the service was seen to accept such a path, but evaluating it can only fail. The conditions of a filter
are paths, such as ``@.x`` or ``!@.x``, and comparisons with ``== != < <= > >=`` or ``=~``; there is no
``in``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "InputPath": "$.orders[?(@.state in ['paid'])]"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "InputPath": "$.orders[?(@.state == 'paid')]"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["json_path_doubtful"]


@rule("json-path-doubtful", severity="warning")
def json_path_doubtful(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("json-path-doubtful")
