"""distributed-only-field: a Map state that is not distributed has a field of Distributed Maps.

Why: the field has no effect in ``INLINE`` mode, which is the default.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        "Label": "Rows"}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}},
        "Label": "Rows"}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Map
from asltool.syntax.wording import quoted

__all__ = ["distributed_only_field"]


@rule("distributed-only-field", severity="warning")
def distributed_only_field(scope: Scope) -> Iterator[Finding]:
    for field in scope.fields:
        state = field.state
        if field.schema.get("x-mode") == "DISTRIBUTED" and isinstance(state, Map) and scope.is_inline(state):
            message = f'{quoted(field.name)} has no effect unless the Mode of the processor is "DISTRIBUTED"'
            yield Finding(field.pointer, message, key=True)
