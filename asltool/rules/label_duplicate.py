"""label-duplicate: two Map states of a definition have the same ``Label``.

Why: the label is part of the ARN of the state's Map Runs.

Wrong::

    {"StartAt": "A", "States": {
        "A": {"Type": "Map", "Label": "Rows", "Next": "B", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}},
        "B": {"Type": "Map", "Label": "Rows", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "J", "States": {"J": {"Type": "Succeed"}}}}}}

Right::

    {"StartAt": "A", "States": {
        "A": {"Type": "Map", "Label": "Rows", "Next": "B", "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "I", "States": {"I": {"Type": "Succeed"}}}},
        "B": {"Type": "Map", "Label": "Files", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "J", "States": {"J": {"Type": "Succeed"}}}}}}

The service says: DUPLICATE_LABEL_NAME, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Map
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.wording import quoted

__all__ = ["label_duplicate"]


@rule("label-duplicate", aws_code="DUPLICATE_LABEL_NAME", once=True)
def label_duplicate(scope: Scope) -> Iterator[Finding]:
    seen: set[str] = set()
    for machine in scope.machine.walk():
        for state in machine.states.values():
            label = state.label if isinstance(state, Map) else None
            if label is None or has_placeholder(label):
                continue
            if label in seen:
                yield Finding(
                    (*state.pointer, "Label"), f"another Map state also has the label {quoted(label)}"
                )
            seen.add(label)
