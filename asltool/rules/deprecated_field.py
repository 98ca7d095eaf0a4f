"""deprecated-field: a field has a newer name.

Why: the old name still works, but only the new one gets new features.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "Iterator": {"ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.rule import Finding, rule
from asltool.rules.scope import Scope
from asltool.syntax.diagnostics import Rewrite
from asltool.syntax.wording import quoted

__all__ = ["deprecated_field"]


@rule("deprecated-field", severity="warning")
def deprecated_field(scope: Scope) -> Iterator[Finding]:
    for field in scope.fields:
        newer = field.schema.get("x-renamed")
        if newer is not None:
            fix = (
                () if newer in scope.value(field.pointer[:-1]) else (Rewrite(field.pointer, newer, key=True),)
            )
            message = f"{quoted(field.name)} is the older name of {quoted(newer)}"
            yield Finding(field.pointer, message, key=True, fix=fix)
