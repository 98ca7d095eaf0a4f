"""no-path: a field contains a path, but its name does not end in ``Path``.

Why: the string is not evaluated. The field with the same name and the suffix ``Path`` reads from the input.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "Cause": "$.cause"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Fail", "CausePath": "$.cause"}}}

The service says: NO_PATH, Field value looks like a path, but field name does not end with 'Path' at
/States/A.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.expression_problems import looks_like_path
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["no_path"]


@rule("no-path", aws_code="NO_PATH", severity="warning")
def no_path(scope: Scope) -> Iterator[Finding]:
    for field in scope.fields:
        if field.kind not in ("cause", "error-name", "text"):
            continue
        path = f"{field.name}Path"
        if path in field.beside and looks_like_path(field.value):
            message = (
                f"{quoted(field.name)} is not evaluated. to read the value from the input, use {quoted(path)}"
            )
            yield Finding(field.pointer, message)
