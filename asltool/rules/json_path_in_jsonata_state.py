"""json-path-in-jsonata-state: a JSONata state has a path, or a key that ends in ``.$``.

Why: both have a meaning only in JSONPath; in JSONata they are ordinary strings and keys.

Wrong::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": {"id": "$.order.id"}, "End": true}}}

Right::

    {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Pass", "Output": {"id": "{% $states.input.order.id %}"}, "End": true}}}

The service says: nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from asltool.rules.analysis.expression_problems import looks_like_path
from asltool.rules.analysis.scope import Scope
from asltool.rules.rule import Finding, rule
from asltool.syntax.wording import quoted

__all__ = ["json_path_in_jsonata_state"]


@rule("json-path-in-jsonata-state", severity="warning")
def json_path_in_jsonata_state(scope: Scope) -> Iterator[Finding]:
    for text in scope.texts:
        if text.field.state.query_language != "JSONata" or text.kind != "plain":
            continue
        if text.key.endswith(".$") or looks_like_path(text.value):
            state = quoted(text.field.state.name)
            yield Finding(
                text.pointer, f"{quoted(text.key)} looks like JSONPath, but state {state} uses JSONata"
            )
