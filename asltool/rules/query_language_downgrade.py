"""query-language-downgrade: a state uses JSONPath in a JSONata definition.

Why: a definition in JSONPath can have states in JSONata, but not the other way round.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Succeed", "QueryLanguage": "JSONPath"}}}

Right::

    {"QueryLanguage": "JSONPath", "StartAt": "A", "States": {
        "A": {"Type": "Succeed", "QueryLanguage": "JSONata"}}}

The service says: SCHEMA_VALIDATION_FAILED, 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for
whole state machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["query_language_downgrade"]


@rule("query-language-downgrade", aws_code="SCHEMA_VALIDATION_FAILED")
def query_language_downgrade(scope: Scope) -> Iterator[Finding]:
    if scope.definition.query_language == "JSONata":
        for state in scope.states.values():
            if state.query_language == "JSONPath":
                message = (
                    f"state {quoted(state.name)} cannot use JSONPath, because the definition uses JSONata"
                )
                yield Finding((*state.pointer, "QueryLanguage"), message)
