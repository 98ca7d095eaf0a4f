"""no-dollar: a string looks like a path or an intrinsic function, but its key does not end in ``.$``.

Why: the string is not evaluated.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id": "$.order.id"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "End": true}}}

The service says: NO_DOLLAR, No .$ on a field that appears to be a JSONPath or Intrinsic Function at
/States/A/Parameters.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.expression_problems import looks_like_path
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["no_dollar"]


@rule("no-dollar", aws_code="NO_DOLLAR", severity="warning")
def no_dollar(scope: Scope) -> Iterator[Finding]:
    for text in scope.texts:
        if (
            text.kind == "plain"
            and text.field.state.query_language == "JSONPath"
            and looks_like_path(text.value)
        ):
            message = (
                f"{quoted(text.key)} is not evaluated. to evaluate it, name the key {quoted(text.key + '.$')}"
            )
            yield Finding(text.pointer, message)
