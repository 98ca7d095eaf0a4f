"""jsonata-string-required: a value is neither JSONata (``{% ... %}``) nor of a type that the field accepts.

Why: conditions, arguments and items are either constants or JSONata; a string without the delimiters is
neither. Constant items are an array; only a distributed Map iterates over an object.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "Items": {"ann": 1, "bob": 2},
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Map", "End": true,
        "Items": "{% $keys($states.input.people) %}",
        "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}}}

The service says: SCHEMA_VALIDATION_FAILED, with a message that is not on record.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.model import Map

__all__ = ["jsonata_string_required"]


@rule("jsonata-string-required", aws_code="SCHEMA_VALIDATION_FAILED")
def jsonata_string_required(scope: Scope) -> Iterator[Finding]:
    for state in scope.states.values():
        if isinstance(state, Map) and _is_object_in_line(scope, state):
            message = (
                '"Items" must be an array or a JSONata string "{% ... %}" unless the Mode of the processor is'
                ' "DISTRIBUTED", not an object'
            )
            yield Finding((*state.pointer, "Items"), message)


def _is_object_in_line(scope: Scope, state: Map) -> bool:
    return state.query_language == "JSONata" and isinstance(state.items, dict) and scope.is_inline(state)
