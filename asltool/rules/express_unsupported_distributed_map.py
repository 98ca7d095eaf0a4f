"""express-unsupported-distributed-map: an Express state machine has a Distributed Map.

Why: only Standard state machines can have a Distributed Map. Its child executions can be Express.

Wrong::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}}}

Right::

    {"StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Map

__all__ = ["express_unsupported_distributed_map"]


@rule("express-unsupported-distributed-map", aws_code="SCHEMA_VALIDATION_FAILED")
def express_unsupported_distributed_map(scope: Scope) -> Iterator[Finding]:
    for state in scope.states.values():
        if (
            scope.machine_type == "EXPRESS"
            and isinstance(state, Map)
            and state.processor.mode == "DISTRIBUTED"
        ):
            pointer = (*state.item_processor.pointer, "ProcessorConfig", "Mode")
            yield Finding(pointer, "an Express state machine cannot have a Distributed Map")
