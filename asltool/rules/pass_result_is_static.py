"""pass-result-is-static: the ``Result`` of a Pass state contains a path.

Why: nothing in ``Result`` is evaluated. Use ``Parameters`` to build a value.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"id.$": "$.order.id"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "End": true}}}

The service says: PASS_RESULT_IS_STATIC, Attempt to use a path in the result of a pass state at
/States/A/Result.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.expression_problems import looks_like_path
from asltool.rules.analysis.fields import strings
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["pass_result_is_static"]


@rule("pass-result-is-static", aws_code="PASS_RESULT_IS_STATIC", severity="warning")
def pass_result_is_static(scope: Scope) -> Iterator[Finding]:
    for field in scope.fields:
        if field.name == "Result":
            for pointer, text in strings(field.value, field.pointer):
                if looks_like_path(text):
                    message = (
                        f'{quoted(text)} is not evaluated here. use "Parameters" for values from the input'
                    )
                    yield Finding(pointer, message)
