"""payload-template-duplicate-field: a payload template has a field twice, with and without ``.$``.

Why: without its suffix ``.$``, the evaluated field has the same name as the plain one.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x": 1, "x.$": "$.y"}, "End": true}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"x.$": "$.y"}, "End": true}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.expressions import SUFFIX
from asltool.syntax.text import at
from asltool.syntax.wording import quoted

__all__ = ["payload_template_duplicate_field"]


@rule("payload-template-duplicate-field", aws_code="SCHEMA_VALIDATION_FAILED")
def payload_template_duplicate_field(scope: Scope) -> Iterator[Finding]:
    for text in scope.texts:
        if text.kind == "path-or-intrinsic" and text.field.kind != "path-or-intrinsic":
            *holder, key = text.pointer[len(text.field.pointer) :]
            plain = str(key).removesuffix(SUFFIX)
            if plain in at(text.field.value, tuple(holder)):
                message = f"{quoted(plain)} and {quoted(key)} give the same field. remove one of them"
                yield Finding(text.pointer, message, key=True)
