"""deprecated-field: a field has a newer name.

Why: the old name still works, but only the new one gets new features. There is one finding for each Map, and
it is informational: ``--strict`` does not make it an error.

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

from asltool.rules.analysis.fields import Field
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.diagnostics import Rewrite
from asltool.syntax.model import Pointer
from asltool.syntax.wording import listed

__all__ = ["deprecated_field"]


@rule("deprecated-field", severity="info")
def deprecated_field(scope: Scope) -> Iterator[Finding]:
    older: dict[Pointer, list[Field]] = {}
    for field in scope.fields:
        if "x-renamed" in field.schema:
            older.setdefault(field.pointer[:-1], []).append(field)
    for pointer, fields in older.items():
        yield _finding(scope, pointer, fields)


def _finding(scope: Scope, pointer: Pointer, fields: list[Field]) -> Finding:
    newer = [field.schema["x-renamed"] for field in fields]
    taken = scope.value(pointer)
    fix = tuple(
        Rewrite(field.pointer, name, key=True)
        for field, name in zip(fields, newer, strict=True)
        if name not in taken
    )
    names = listed([field.name for field in fields], "and")
    are = "is the older name" if len(fields) == 1 else "are the older names"
    return Finding(fields[0].pointer, f"{names} {are} of {listed(newer, 'and')}", key=True, fix=fix)
