"""jsonata-in-jsonpath-state: a string in a JSONPath state looks like JSONata.

Why: the string is not evaluated. JSONata works only in states with ``"QueryLanguage": "JSONata"``.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
        "Parameters": {"x": "{% $states.input.y %}"}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "$.y"}, "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.expr.jsonata import is_expression
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["jsonata_in_jsonpath_state"]


@rule("jsonata-in-jsonpath-state", severity="warning")
def jsonata_in_jsonpath_state(scope: Scope) -> Iterator[Finding]:
    for text in scope.texts:
        if (
            text.kind == "plain"
            and text.field.state.query_language == "JSONPath"
            and is_expression(text.value)
        ):
            state = quoted(text.field.state.name)
            message = f"{quoted(text.key)} looks like JSONata, but state {state} uses JSONPath"
            yield Finding(text.pointer, message)
