"""json-path-unsupported: a path uses what the service's JSONPath does not have.

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

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule

__all__ = ["json_path_unsupported"]


@rule("json-path-unsupported", severity="warning")
def json_path_unsupported(scope: Scope) -> Iterator[Finding]:
    yield from scope.problems("json-path-unsupported")
